/** The image tower: pictures are prepared while others are computed, and run in batches. */
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { ImageTower } from '../models/manifest';
import type { CallContext } from '../protocol/contract-types';
import type {
  ImageTowerContract,
  PictureBatch,
  PictureBatchResult,
  PictureInput,
  PictureResult,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { withTransfer } from '../protocol/transfer';
import { Batcher } from './batcher';
import { shapeOf } from './image-feeds';
import { runPictures } from './image-runner';
import { loadImageGraphs } from './load-image-graphs';
import { PicturePreparer, type PreparedPicture } from './prepare-picture';
import { PriorityGate } from './priority-gate';

/** More hardly helps so small a model, and other tabs want to live. */
const MOST_THREADS = 4;
/** Prepared pictures that may wait, in batches: enough to find some of equal size. */
const BATCHES_IN_PIPELINE = 8;

type Encoded =
  | { readonly picture: PreparedPicture; readonly vector: Float32Array }
  | { readonly failure: PhotoglotError };

interface Ready {
  readonly tower: ImageTower;
  readonly preparer: PicturePreparer;
  readonly batcher: Batcher<PreparedPicture, Float32Array>;
  /** Bounds what is in the pipeline, whatever number of pictures was asked for at once. */
  readonly pipeline: PriorityGate;
  readonly dimension: number;
}

export class ImageTowerHost implements ImageTowerContract {
  #ready: Ready | null = null;

  async load(load: TowerLoad, context: CallContext<never>): Promise<TowerInfo> {
    const { image: tower, dimension } = load.manifest;
    const preparer = new PicturePreparer(tower);
    const options = { ...load, threads: threads(), context };
    const { ready: graphs, info } = await loadImageGraphs(options, preparer);
    this.#ready = {
      tower,
      preparer,
      batcher: new Batcher<PreparedPicture, Float32Array>(tower.batch, async (pictures) => {
        const { data, count, dim } = await runPictures(graphs, tower, dimension, pictures);
        return Array.from({ length: count }, (_, row) => data.subarray(row * dim, (row + 1) * dim));
      }),
      pipeline: new PriorityGate(tower.batch * BATCHES_IN_PIPELINE),
      dimension,
    };
    return info;
  }

  async encode(batch: PictureBatch, { signal }: CallContext<never>): Promise<PictureBatchResult> {
    const ready = this.#ready;
    if (ready === null) {
      throw new PhotoglotError('session-failed', 'The image tower is not loaded.');
    }
    const encoded = await Promise.all(
      batch.pictures.map((picture) => encodeOne(ready, picture, batch, signal)),
    );
    return collect(encoded, ready.dimension);
  }
}

/** Rejects only when aborted: any other failure is the picture's own result. */
async function encodeOne(
  { tower, preparer, batcher, pipeline }: Ready,
  input: PictureInput,
  { priority, thumbnail }: PictureBatch,
  signal: AbortSignal,
): Promise<Encoded> {
  const gate = { priority, signal };
  try {
    return await pipeline.run(gate, async () => {
      const arrived = batcher.expect();
      let vector: Promise<Float32Array>;
      let picture: PreparedPicture;
      try {
        picture = await preparer.prepare(input, { thumbnail, gate });
        const shape = shapeOf(tower, picture);
        vector = batcher.submit({ input: picture, shape, priority, signal });
      } finally {
        arrived();
      }
      return { picture, vector: await vector };
    });
  } catch (thrown) {
    signal.throwIfAborted();
    return { failure: toPhotoglotError(thrown) };
  }
}

function collect(encoded: readonly Encoded[], dim: number): PictureBatchResult {
  const good = encoded.filter((each) => 'vector' in each);
  const data = new Float32Array(good.length * dim);
  let row = 0;
  const results = encoded.map((each): PictureResult => {
    if ('failure' in each) {
      return { ok: false, code: each.failure.code, message: each.failure.message };
    }
    const { original, thumbnail } = each.picture;
    data.set(each.vector, row * dim);
    return { ok: true, row: row++, ...original, thumbnail };
  });
  return withTransfer({ vectors: { data, count: good.length, dim }, results }, [data.buffer]);
}

function threads(): number {
  // Shared memory, which threads need, is there only when the page is cross-origin isolated.
  return crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
}
