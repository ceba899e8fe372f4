/** `npm run bench:indexing`: photos per second of several models, at several batch sizes. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { callBench, gotoBench, openBrowser } from './browser.mjs';
import { spread } from './metrics.mjs';
import { readOptions, runMain, UsageError } from './options.mjs';
import { indexOnce, makePhotos, pickPhotos, SAMPLES_MOUNT } from './photos.mjs';
import { assetsMounts, openSite } from './site.mjs';
import { printTable } from './table.mjs';

const OPTIONS = /** @type {const} */ ({
  batches: { value: 'N,N,…', default: '1,2,4,8' },
  photos: { value: 'N', kind: 'count', default: '64' },
  runs: { value: 'N', kind: 'count', default: '3' },
});
const COMMAND = 'npm run bench:indexing -- MODEL_DIR…';
const WARM_UP_PHOTOS = 16;

/**
 * One model at one batch size, under an assets folder of its own.
 * @typedef {{
 *   readonly folder: string, readonly batch: number, readonly assets: string,
 *   readonly imageBytes: number, readonly manifest: string,
 * }} Variant
 */

await runMain(async () => {
  const { values, json, rest } = readOptions(COMMAND, OPTIONS, process.argv.slice(2));
  if (rest.length === 0) throw new UsageError(`Name at least one model folder: ${COMMAND}`);
  const batches = (values['batches'] ?? '').split(',').map(Number);
  if (!batches.every((batch) => Number.isInteger(batch) && batch > 0)) {
    throw new UsageError(`--batches must be whole numbers; got ${String(values['batches'])}.`);
  }
  const variants = await readVariants(rest, batches);
  const results = await compare(variants, Number(values['photos']), Number(values['runs']));
  if (json) console.log(JSON.stringify(results));
  else {
    printTable(
      `Photos per second (${String(values['photos'])} photos of about 1 MP)`,
      ['model', 'image tower MB', 'batch', 'median', 'min', 'max'],
      results.map(({ model, imageMB, batch, photosPerSecond: { median, min, max } }) => [
        model,
        imageMB.toFixed(1),
        batch,
        median,
        min,
        max,
      ]),
    );
  }
});

/** @param {readonly string[]} folders @param {readonly number[]} batches */
async function readVariants(folders, batches) {
  const variants = await Promise.all(
    folders.map(async (folder, at) => {
      const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => {
        throw new UsageError(`There is no manifest.json in ${folder}.`);
      });
      const manifest = /** @type {import('../src/models/manifest.ts').ModelManifest} */ (
        JSON.parse(text)
      );
      const { image, files } = manifest;
      return batches.map((batch) => ({
        folder,
        batch,
        assets: `/model-${String(at)}-batch-${String(batch)}/`,
        imageBytes: bytesOf(image.backends.wasm[0], files),
        manifest: JSON.stringify({ ...manifest, image: { ...image, batch } }),
      }));
    }),
  );
  return variants.flat();
}

/** @param {readonly Variant[]} variants @param {number} count @param {number} runs */
async function compare(variants, count, runs) {
  const mounts = variants.flatMap(({ assets, folder, manifest }) =>
    assetsMounts(assets, folder).map((mount) =>
      mount.folder === folder ? { ...mount, replaced: { 'manifest.json': manifest } } : mount,
    ),
  );
  const site = await openSite([SAMPLES_MOUNT, ...mounts]);
  const { page, close } = await openBrowser();
  try {
    await gotoBench(page, site.url);
    const photos = await makePhotos(page, count);
    try {
      await gotoBench(page, site.url);
      await pickPhotos(page, photos.files);
      /** @type {Map<Variant, number[]>} */
      const rates = new Map(variants.map((variant) => [variant, []]));
      // In turns: a busy minute of the machine then hits all of them.
      for (let run = 0; run < runs; run++) {
        for (const [variant, measured] of rates) {
          await callBench(page, 'open', variant.assets);
          await indexOnce(page, Math.min(WARM_UP_PHOTOS, count));
          measured.push(await indexOnce(page, count));
          console.error(
            `run ${String(run + 1)}: ${variant.folder}, batch ${String(variant.batch)}`,
          );
        }
      }
      return [...rates].map(([{ folder, batch, imageBytes }, measured]) => ({
        model: basename(folder),
        batch,
        imageMB: imageBytes / 1e6,
        photosPerSecond: spread(measured),
      }));
    } finally {
      await photos.remove();
    }
  } finally {
    await close();
    await site.close();
  }
}

/**
 * The graph and its external weights.
 * @param {import('../src/models/manifest.ts').TowerVariant | undefined} variant
 * @param {import('../src/models/manifest.ts').ModelManifest['files']} files
 */
function bytesOf(variant, files) {
  const names = variant === undefined ? [] : [variant.file, ...(variant.data ?? [])];
  return names.reduce((sum, name) => sum + (files[name]?.size ?? NaN), 0);
}
