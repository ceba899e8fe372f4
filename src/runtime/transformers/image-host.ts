/** The image tower of a model of transformers.js. */
import type * as Transformers from '@huggingface/transformers';
import { PhotoglotError } from '../../errors';
import type { CallContext } from '../../protocol/contract-types';
import type { PictureBatch, PictureBatchResult } from '../../protocol/tower-contract';
import {
  TRANSFORMERS_PICTURES_PER_RUN,
  type TransformersFile,
  type TransformersImageContract,
  type TransformersLoad,
  type TransformersTowerInfo,
} from '../../protocol/transformers-contract';
import { wasmThreads } from '../wasm-threads';
import { rowsOf, unitRows } from '../output-rows';
import { PicturePipeline } from '../picture-pipeline';
import { PicturePreparer, type PreparedPicture } from '../prepare-picture';
import { PreparingPool } from '../preparing-pool';
import type { TensorOutput } from '../tower-session';
import { openTower, type OpenTower } from './open-tower';
import { pictureTarget } from './picture-target';

type Sized = Pick<PreparedPicture, 'rgb' | 'width' | 'height'>;

export class TransformersImageHost implements TransformersImageContract {
  #pipeline: PicturePipeline | null = null;

  async load(
    load: TransformersLoad,
    { progress, signal }: CallContext<TransformersFile>,
  ): Promise<TransformersTowerInfo> {
    const start = performance.now();
    const tower = await openTower({
      tower: 'image',
      threads: wasmThreads(),
      load,
      progress,
      prepare: (library, id, options) => library.AutoImageProcessor.from_pretrained(id, options),
    });
    const batch = TRANSFORMERS_PICTURES_PER_RUN;
    const target = { ...pictureTarget(tower.input), batch };
    const preparer = new PicturePreparer(target);
    // It warms up, and tells what no configuration tells reliably.
    const { dims } = await run(tower, [preparer.prepareNow(blank())]);
    const dimension = dims.at(-1) ?? 0;
    signal.throwIfAborted();
    this.#pipeline = new PicturePipeline({
      preparer: new PreparingPool({ target, local: preparer }),
      batch,
      dimension,
      shapeOf: ({ width, height }) => `${width}x${height}`,
      run: async (pictures) =>
        unitRows(rowsOf(await run(tower, pictures), pictures.length, dimension)),
    });
    return { ...tower.info, dimension, sessionMs: performance.now() - start };
  }

  async encode(batch: PictureBatch, { signal }: CallContext<never>): Promise<PictureBatchResult> {
    if (this.#pipeline === null) {
      throw new PhotoglotError('session-failed', 'The image tower is not loaded.');
    }
    return this.#pipeline.encode(batch, signal);
  }
}

/** All pictures in one run. */
async function run(
  { input: processor, library: { RawImage }, run }: OpenTower<Transformers.ImageProcessor>,
  pictures: readonly Sized[],
): Promise<TensorOutput> {
  const images = pictures.map(({ rgb, width, height }) => new RawImage(rgb, width, height, 3));
  const { pixel_values } = (await processor(images)) as { pixel_values: Transformers.Tensor };
  return run({ pixel_values });
}

function blank(): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  return { width: 1, height: 1, data: new Uint8ClampedArray(4).fill(255) };
}
