/** The image tower's graph, and the projector behind it where there is one: fetched, made and tested. */
import { goldenImage } from '../models/golden-images';
import type { TowerLoad } from '../protocol/tower-contract';
import { runPictures, type ImageGraphs } from './image-runner';
import type { LoadedFile } from './load-file';
import { loadTower, loadTowerFile, type LoadTowerOptions, type LoadedTower } from './load-tower';
import type { PicturePreparer } from './prepare-picture';
import { selfTest } from './self-test';
import { TowerSession } from './tower-session';

/** How the tower is loaded; what becomes of it is decided here. */
export type ImageLoadOptions = Omit<LoadTowerOptions<ImageGraphs>, 'others' | 'prepare'>;

/** Rejects as `loadTower` does, and then leaves no session. */
export async function loadImageGraphs(
  options: ImageLoadOptions,
  preparer: PicturePreparer,
): Promise<LoadedTower<ImageGraphs>> {
  const { projector } = options.manifest.image;
  const file = projector && loadTowerFile(options, projector.file);
  return loadTower({
    ...options,
    others: file === undefined ? [] : [file],
    prepare: async (tower) => {
      const graphs = { tower, projector: file ? await projectorOf(options, await file) : null };
      await testGraphs(graphs, options, preparer);
      return graphs;
    },
  });
}

/** The projector computes where the tower does; it is small and in float32. */
function projectorOf(
  { variant, device, ortUrl, threads }: ImageLoadOptions,
  { bytes }: LoadedFile,
): Promise<TowerSession> {
  const provider = variant.provider ?? device;
  return TowerSession.create({ model: bytes, provider, ortUrl, threads, dtype: 'fp32' });
}

async function testGraphs(
  graphs: ImageGraphs,
  { manifest: { image, dimension, golden } }: TowerLoad,
  preparer: PicturePreparer,
): Promise<void> {
  try {
    await selfTest(golden.image, async (input) => {
      const picture = preparer.prepareNow(goldenImage(input));
      return (await runPictures(graphs, image, dimension, [picture])).data;
    });
  } catch (thrown) {
    // The tower's own session is its loader's to release.
    await graphs.projector?.release();
    throw thrown;
  }
}
