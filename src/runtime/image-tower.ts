/** The image tower: pictures are prepared while others are computed, and run in batches. */
import { PhotoglotError, toPhotoglotError } from '../errors';
import { goldenImage } from '../models/golden-images';
import type { ImageTower } from '../models/manifest';
import { packPlanes } from '../preprocess/pack';
import type { CallContext } from '../protocol/contract-types';
import type {
  ImageTowerContract,
  LoadProgress,
  PictureBatch,
  PictureBatchResult,
  PictureInput,
  PictureResult,
  TowerInfo,
  TowerLoad,
} from '../protocol/tower-contract';
import { withTransfer } from '../protocol/transfer';
import { Batcher } from './batcher';
import { loadTower } from './load-tower';
import { ModelCache } from './model-cache';
import { PicturePreparer, type PreparedPicture } from './prepare-picture';
import { PriorityGate } from './priority-gate';
import { selfTest } from './self-test';
import type { TowerSession } from './tower-session';

/** More hardly helps so small a model, and other tabs want to live. */
const MOST_THREADS = 4;
/** Prepared pictures that may wait, in batches: enough to find some of equal size. */
const BATCHES_IN_PIPELINE = 8;

type Encoded =
  | { readonly picture: PreparedPicture; readonly vector: Float32Array }
  | { readonly failure: PhotoglotError };

interface Ready {
  readonly preparer: PicturePreparer;
  readonly batcher: Batcher<PreparedPicture, Float32Array>;
  /** Bounds what is in the pipeline, whatever number of pictures was asked for at once. */
  readonly pipeline: PriorityGate;
  readonly dimension: number;
}

export class ImageTowerHost implements ImageTowerContract {
  readonly #cache = new ModelCache();
  #ready: Ready | null = null;

  async load(load: TowerLoad, context: CallContext<LoadProgress>): Promise<TowerInfo> {
    const { manifest } = load;
    const tower = manifest.image;
    const preparer = new PicturePreparer(tower);
    const { session, info } = await loadTower({
      ...load,
      tower: 'image',
      threads: threads(),
      cache: this.#cache,
      context,
      others: [],
      check: (candidate) =>
        selfTest(manifest.golden.image, async (input) => {
          const picture = preparer.prepareNow(goldenImage(input));
          const [vector] = await run(candidate, [picture], tower);
          return vector ?? new Float32Array();
        }),
    });
    this.#ready = {
      preparer,
      batcher: new Batcher(tower.batch, (pictures) => run(session, pictures, tower)),
      pipeline: new PriorityGate(tower.batch * BATCHES_IN_PIPELINE),
      dimension: manifest.dimension,
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
  { preparer, batcher, pipeline }: Ready,
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
        const shape = `${picture.width}x${picture.height}`;
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

async function run(
  session: TowerSession,
  pictures: readonly Omit<PreparedPicture, 'thumbnail'>[],
  tower: ImageTower,
): Promise<readonly Float32Array[]> {
  const [{ width, height } = { width: 0, height: 0 }] = pictures;
  const bytes = pictures.map(({ rgb }) => rgb);
  const data = packPlanes(bytes, width * height, tower);
  const dims = [pictures.length, 3, height, width];
  const rows = await session.run({ [tower.inputs.pixels]: { type: 'float32', data, dims } });
  return pictures.map((_, row) => rows.data.subarray(row * rows.dim, (row + 1) * rows.dim));
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
