/** One ONNX model ready to run, with typed errors. */
import { PhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import type { Rows } from '../protocol/rows';
import { nextTask } from './next-task';
import { loadOrt, type OrtModule } from './ort-module';
import type * as Ort from 'onnxruntime-web/wasm';

/** Inputs by their names in the graph. */
export type TensorInput =
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] }
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] };

export interface SessionOptions {
  readonly model: Uint8Array;
  readonly provider: Backend;
  readonly ortUrl: string;
  readonly threads: number;
  /** Number format of the weights, as in the manifest. */
  readonly dtype: string;
  /** Name of the output in the graph: `[count, dimension]` float32. */
  readonly output: string;
  readonly dimension: number;
}

/**
 * Small files, fast runs: weights become floats once, when the session is made. Without this they
 * would be kept for quantized kernels, which there are none of, and be dequantized in each run.
 */
const WEIGHTS_IN_FLOAT = { extra: { session: { disable_quant_qdq: '1' } } } as const;

export class TowerSession {
  readonly #ort: OrtModule;
  readonly #session: Ort.InferenceSession;
  readonly #options: SessionOptions;

  private constructor(ort: OrtModule, session: Ort.InferenceSession, options: SessionOptions) {
    this.#ort = ort;
    this.#session = session;
    this.#options = options;
  }

  /** Throws `backend-unavailable` or `session-failed`. */
  static async create(options: SessionOptions): Promise<TowerSession> {
    const ort = await loadOrt(options).catch((thrown: unknown) => {
      throw sessionError(`ONNX Runtime could not be loaded from ${options.ortUrl}.`, thrown);
    });
    try {
      const session = await ort.InferenceSession.create(options.model, {
        executionProviders: [options.provider],
        // Planned memory is for shapes that repeat; texts and pictures have many.
        enableMemPattern: false,
        ...(options.dtype === 'int8-weights' ? WEIGHTS_IN_FLOAT : {}),
      });
      return new TowerSession(ort, session, options);
    } catch (thrown) {
      throw sessionError('The model could not be loaded into ONNX Runtime.', thrown);
    }
  }

  /** Runs the model; one row per input row. One run at a time: the caller sees to that. */
  async run(inputs: Readonly<Record<string, TensorInput>>): Promise<Rows> {
    const { output, dimension } = this.#options;
    try {
      const feeds = Object.entries(inputs).map(
        ([name, { type, data, dims }]) => [name, new this.#ort.Tensor(type, data, dims)] as const,
      );
      const results = await this.#session.run(Object.fromEntries(feeds), [output]);
      // On WASM a run blocks the thread, and no task gets in between runs that follow each
      // other by promises alone: a query's message would wait until all indexing is done.
      await nextTask();
      const rows = results[output];
      if (rows === undefined || !(rows.data instanceof Float32Array)) {
        throw new Error(`It gave no float32 output "${output}".`);
      }
      if (rows.dims.length !== 2 || rows.dims[1] !== dimension) {
        throw new Error(`It gave [${rows.dims.join(', ')}], expected [n, ${dimension}].`);
      }
      // A copy: the output may be a view on ORT's memory.
      return { data: Float32Array.from(rows.data), count: rows.dims[0] ?? 0, dim: dimension };
    } catch (thrown) {
      throw sessionError('The model failed to run.', thrown);
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function sessionError(message: string, thrown: unknown): PhotoglotError {
  if (thrown instanceof PhotoglotError) return thrown;
  const detail = thrown instanceof Error ? ` ${thrown.message}` : '';
  return new PhotoglotError('session-failed', message + detail, { cause: thrown });
}
