/** One ONNX model ready to run, with typed errors. */
import type { Backend } from '../models/manifest';
import { BlobBytes } from './blob-bytes';
import { DeviceWatch } from './device-watch';
import { freeBuffer } from './free-buffer';
import { nextTask } from '../core/next-task';
import type { ModelSession } from './model-session';
import { loadOrt, type OrtModule } from './ort-module';
import { isNotStarted, notStarted } from './not-started';
import { readBlob } from './read-blob';
import { sessionError } from './session-error';
import type * as Ort from 'onnxruntime-web/wasm';

/** Inputs by their names in the graph. */
export type TensorInput =
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] }
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] };

/** An output: numbers row by row. */
export interface TensorOutput {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
}

export interface SessionOptions {
  /** The graph. Read as a whole, and let go of when the session is made. */
  readonly model: Blob;
  /**
   * The graph's external weights by the names that it gives them. Read tensor by tensor: they are
   * never in JavaScript's memory as a whole. @default none
   */
  readonly data?: readonly { readonly path: string; readonly blob: Blob }[];
  readonly provider: Backend;
  readonly ortUrl: string;
  readonly threads: number;
  /** Number format of the weights, as in the manifest. */
  readonly dtype: string;
}

/**
 * Small files, fast runs: weights become floats once, when the session is made. Without this they
 * would be kept for quantized kernels, which there are none of, and be dequantized in each run.
 */
const WEIGHTS_IN_FLOAT = { extra: { session: { disable_quant_qdq: '1' } } } as const;

export class TowerSession implements ModelSession {
  readonly threads: number;
  readonly #ort: OrtModule;
  readonly #session: Ort.InferenceSession;
  /** Null on WASM. */
  readonly #device: DeviceWatch | null;

  private constructor(
    ort: OrtModule,
    session: Ort.InferenceSession,
    device: DeviceWatch | null,
    threads: number,
  ) {
    this.threads = threads;
    this.#ort = ort;
    this.#session = session;
    this.#device = device;
  }

  /**
   * Throws `backend-unavailable`, `session-failed`, `out-of-memory`, or `storage` when a Blob's
   * content is gone: the file then has to be fetched again.
   */
  static async create(options: SessionOptions): Promise<TowerSession> {
    const { ortUrl } = options;
    const ort = await loadOrt(options).catch((thrown: unknown) => {
      throw notStarted(ortUrl, thrown);
    });
    const model = await readBlob(options.model, "The model's graph");
    const data = (options.data ?? []).map(({ path, blob }) => ({
      path,
      data: new BlobBytes(blob, path),
    }));
    try {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: [options.provider],
        externalData: data,
        // Planned memory is for shapes that repeat; texts and pictures have many.
        enableMemPattern: false,
        ...(options.dtype === 'int8-weights' ? WEIGHTS_IN_FLOAT : {}),
      });
      const device =
        options.provider === 'webgpu' ? new DeviceWatch(await ort.env.webgpu.device) : null;
      return new TowerSession(ort, session, device, options.threads);
    } catch (thrown) {
      if (isNotStarted(thrown)) throw notStarted(ortUrl, thrown);
      const failure = data.find((each) => each.data.failure !== null)?.data.failure;
      throw sessionError('The model could not be loaded into ONNX Runtime.', failure ?? thrown);
    } finally {
      // ORT has copies of its own.
      freeBuffer(model.buffer);
      for (const each of data) each.data.release();
    }
  }

  /**
   * Runs the model and gives the named outputs, in order. One run at a time: the caller sees to that.
   * Throws `session-failed`, `out-of-memory`, or `device-lost`, after which no run succeeds.
   */
  async run<const Names extends readonly string[]>(
    inputs: Readonly<Record<string, TensorInput>>,
    outputs: Names,
  ): Promise<{ readonly [Index in keyof Names]: TensorOutput }> {
    try {
      const feeds = Object.entries(inputs).map(
        ([name, { type, data, dims }]) => [name, new this.#ort.Tensor(type, data, dims)] as const,
      );
      const run = (): ReturnType<Ort.InferenceSession['run']> =>
        this.#session.run(Object.fromEntries(feeds), [...outputs]);
      const results = await (this.#device === null ? run() : this.#device.during(run));
      // On WASM a run blocks the thread, and no task gets in between runs that follow each
      // other by promises alone: a query's message would wait until all indexing is done.
      await nextTask();
      return outputs.map((name) => copyOf(name, results[name])) as {
        readonly [Index in keyof Names]: TensorOutput;
      };
    } catch (thrown) {
      throw sessionError('The model failed to run.', thrown);
    }
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** A copy: the output may be a view on ORT's memory. */
function copyOf(name: string, tensor: Ort.Tensor | undefined): TensorOutput {
  if (!(tensor?.data instanceof Float32Array)) {
    throw new Error(`It gave no float32 output "${name}".`);
  }
  return { data: new Float32Array(tensor.data), dims: tensor.dims };
}
