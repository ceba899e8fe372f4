/** The image tower's graph, and the projector behind it where there is one: made and tested. */
import { goldenImage } from '../models/golden-images';
import type { TowerLoad } from '../protocol/tower-contract';
import { runPictures, type ImageGraphs } from './image-runner';
import { loadTower, towerFile, type LoadTowerOptions, type LoadedTower } from './load-tower';
import type { ModelSession } from './model-session';
import { openImage } from './open-image';
import type { PicturePreparer } from './prepare-picture';
import { selfTest } from './self-test';
import { TowerSession } from './tower-session';

/** How the tower is loaded; what becomes of it is decided here. */
export type ImageLoadOptions = Omit<
  LoadTowerOptions<ImageGraphs, ModelSession>,
  'prepare' | 'open'
>;

/** Rejects as `loadTower` does, and then leaves no session. */
export async function loadImageGraphs(
  options: ImageLoadOptions,
  preparer: PicturePreparer,
): Promise<LoadedTower<ImageGraphs>> {
  const { projector } = options.manifest.image;
  // Own kernels have it inside.
  const isBehind = projector !== undefined && options.variant.engine !== 'siglip';
  return loadTower({
    ...options,
    open: (threads) => openImage(options, threads, options.context.signal),
    prepare: async (tower) => {
      const graphs = {
        tower,
        projector: isBehind ? await projectorOf(options, projector.file) : null,
      };
      await testGraphs(graphs, options, preparer);
      return graphs;
    },
  });
}

/** The projector computes where the tower does; it is small and in float32. */
function projectorOf(options: ImageLoadOptions, file: string): Promise<TowerSession> {
  const { variant, device, ortUrl, threads } = options;
  const provider = variant.provider ?? device;
  const model = towerFile(options, file);
  return TowerSession.create({ model, provider, ortUrl, threads, dtype: 'fp32' });
}

async function testGraphs(
  graphs: ImageGraphs,
  { manifest: { image, dimension, golden }, variant, tested = false }: TowerLoad,
  preparer: PicturePreparer,
): Promise<void> {
  try {
    const encode = async (input: string): Promise<Float32Array> => {
      const picture = preparer.prepareNow(goldenImage(input));
      return (await runPictures(graphs, image, dimension, [picture])).data;
    };
    await selfTest({ golden: variant.golden ?? golden.image, tested, encode });
  } catch (thrown) {
    // The tower's own session is its loader's to release, which does not wait for it either.
    graphs.projector?.release().catch(() => undefined);
    throw thrown;
  }
}
