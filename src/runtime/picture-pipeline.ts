/** What image towers have in common: pictures are prepared while others are computed, and run in batches. */
import { toPhotoglotError, type PhotoglotError } from '../errors';
import type {
  PictureBatch,
  PictureBatchResult,
  PictureInput,
  PictureResult,
} from '../protocol/tower-contract';
import type { Rows } from '../protocol/rows';
import { withTransfer } from '../protocol/transfer';
import { Batcher } from './batcher';
import type { PreparedPicture, Preparing } from './prepare-picture';
import { PriorityGate } from './priority-gate';
import { RunPlan } from './run-plan';

/** Prepared pictures that may wait, in batches: enough to find some of equal size. */
const BATCHES_IN_PIPELINE = 8;

export interface PicturePipelineOptions {
  readonly preparer: Preparing;
  /** Pictures of full size per run, at most: see `RunPlan`. */
  readonly batch: number;
  /** Length of a row. */
  readonly dimension: number;
  /** Pictures of equal shape can share a run. `patches` is the limit with which it was prepared. */
  readonly shapeOf: (picture: PreparedPicture, patches: number | null) => string;
  /** What a picture takes of a run, as a share of what one of full size does. @default 1 for each */
  readonly costOf?: (picture: PreparedPicture) => number;
  /** One unit row per picture, in order. The pictures are of one shape; one run at a time. */
  readonly run: (pictures: readonly PreparedPicture[]) => Promise<Rows>;
}

type Encoded =
  | { readonly picture: PreparedPicture; readonly vector: Float32Array }
  | { readonly failure: PhotoglotError };

export class PicturePipeline {
  readonly #options: PicturePipelineOptions;
  readonly #plan: RunPlan;
  readonly #batcher: Batcher<PreparedPicture, Float32Array>;
  /** Bounds what is in the pipeline, whatever number of pictures was asked for at once. */
  readonly #gate: PriorityGate;

  constructor(options: PicturePipelineOptions) {
    const { batch } = options;
    this.#options = options;
    this.#plan = new RunPlan(batch);
    this.#batcher = new Batcher<PreparedPicture, Float32Array>(
      () => this.#plan.size,
      (pictures) => this.#run(pictures),
    );
    this.#gate = new PriorityGate(batch * BATCHES_IN_PIPELINE);
  }

  /** One result per picture; a bad picture fails alone. Rejects when aborted, and with `device-lost` or `out-of-memory`. */
  async encode(batch: PictureBatch, signal: AbortSignal): Promise<PictureBatchResult> {
    const encoded = await Promise.all(
      batch.pictures.map((picture) => this.#encodeOne(picture, batch, signal)),
    );
    return collect(encoded, this.#options.dimension);
  }

  /** Rejects when aborted, or when no picture can be run any more: any other failure is the picture's own result. */
  async #encodeOne(
    input: PictureInput,
    { priority, thumbnail, patches = null }: PictureBatch,
    signal: AbortSignal,
  ): Promise<Encoded> {
    const { preparer, shapeOf, costOf } = this.#options;
    const gate = { priority, signal };
    try {
      return await this.#gate.run(gate, async () => {
        const arrived = this.#batcher.expect(priority);
        let vector: Promise<Float32Array>;
        let picture: PreparedPicture;
        try {
          picture = await preparer.prepare(input, { thumbnail, gate, patches });
          const shape = shapeOf(picture, patches);
          const cost = costOf?.(picture) ?? 1;
          vector = this.#batcher.submit({ input: picture, shape, cost, priority, signal });
        } finally {
          arrived();
        }
        return { picture, vector: await vector };
      });
    } catch (thrown) {
      signal.throwIfAborted();
      const failure = toPhotoglotError(thrown);
      if (failure.code === 'device-lost' || failure.code === 'out-of-memory') throw failure;
      return { failure };
    }
  }

  /** One row per picture. */
  async #run(pictures: readonly PreparedPicture[]): Promise<readonly Float32Array[]> {
    const { run, costOf } = this.#options;
    const start = performance.now();
    const { data, count, dim } = await run(pictures);
    const largest = Math.max(...pictures.map((picture) => costOf?.(picture) ?? 1));
    this.#plan.note(count * largest, performance.now() - start);
    return Array.from({ length: count }, (_, row) => data.subarray(row * dim, (row + 1) * dim));
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
