/** A site that serves each model of a bench at each of its batch sizes. */
import { PLAIN_PAGES, assetsMounts, openSite } from './site.mjs';
import { SAMPLES_MOUNT } from './photos.mjs';

/** @typedef {import('./indexing-cells.mjs').Cell} Cell */

/** @param {readonly Cell[]} cells */
export function openIndexingSite(cells) {
  const folders = new Map(cells.map((cell) => [cell.assets, cell]));
  const mounts = [...folders.values()].flatMap(({ assets, batch, variant }) => {
    const { folder, manifest } = variant;
    const image = { ...manifest.image, batch };
    const text = JSON.stringify({ ...manifest, image });
    return assetsMounts(assets, folder).map((mount) =>
      mount.folder === folder ? { ...mount, replaced: { 'manifest.json': text } } : mount,
    );
  });
  return openSite([SAMPLES_MOUNT, PLAIN_PAGES, ...mounts]);
}
