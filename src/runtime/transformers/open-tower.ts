/** One half of a dual encoder, made by transformers.js. */
import type * as Transformers from '@huggingface/transformers';
import { isPhotoglotError, PhotoglotError } from '../../errors';
import type { CallContext } from '../../protocol/contract-types';
import type {
  TransformersFile,
  TransformersLoad,
  TransformersTowerInfo,
} from '../../protocol/transformers-contract';
import { DeviceWatch } from '../device-watch';
import { nextTask } from '../../core/next-task';
import { isNotStarted, notStarted } from '../not-started';
import { requireWebGpu } from '../require-web-gpu';
import { sessionError } from '../session-error';
import type { TensorOutput } from '../tower-session';
import { loadLibrary, type Library } from './load-library';
import { familyOf, type ModelFamily } from './model-families';

/** Options of transformers.js's `from_pretrained` that all files of a model have in common. */
export interface FileOptions {
  readonly revision: string;
  readonly progress_callback: (info: Transformers.ProgressInfo) => void;
}

/** A tower that can run. */
export interface OpenTower<Input> {
  /** What prepares its inputs. */
  readonly input: Input;
  readonly library: Library;
  readonly family: ModelFamily;
  /** `config.json`. */
  readonly config: Transformers.PretrainedConfig;
  /** The output in the shared space; throws `session-failed`, `out-of-memory` or `device-lost`. One run at a time. */
  readonly run: (inputs: Readonly<Record<string, Transformers.Tensor>>) => Promise<TensorOutput>;
  /** Without the dimension, which a first run tells. */
  readonly info: Omit<TransformersTowerInfo, 'dimension' | 'sessionMs'>;
}

export interface OpenTowerOptions<Input> {
  readonly tower: 'text' | 'image';
  /** Of WASM. */
  readonly threads: number;
  readonly load: TransformersLoad;
  readonly progress: CallContext<TransformersFile>['progress'];
  /** Loads what prepares the inputs. */
  readonly prepare: (library: Library, id: string, options: FileOptions) => Promise<Input>;
}

/**
 * Rejects with `backend-unavailable`, `model-not-found`, `network`, `out-of-memory`, or else
 * `session-failed`. After that, and after a run that failed, the worker is to be replaced: transformers.js runs everything
 * in one chain of promises, and a failure breaks it for good.
 */
export async function openTower<Input>({
  tower,
  threads,
  load,
  progress,
  prepare,
}: OpenTowerOptions<Input>): Promise<OpenTower<Input>> {
  if (load.device === 'webgpu') {
    await requireWebGpu().catch((thrown: unknown) => {
      throw notStarted(load.wasmUrl, thrown);
    });
  }
  const { library, model, wasFetched } = await loadLibrary(load, threads);
  const options: FileOptions = {
    revision: model.revision,
    progress_callback: (info) => {
      if (info.status !== 'progress') return;
      const { file: name, loaded, total } = info;
      progress({ name, loaded, total, from: wasFetched(name) ? 'network' : 'cache' });
    },
  };
  try {
    const config = await library.AutoConfig.from_pretrained(model.id, options);
    const family = familyOf(config.model_type);
    const { model: name, output } = family[tower];
    const [input, session] = await Promise.all([
      prepare(library, model.id, options),
      library[name].from_pretrained(model.id, {
        ...options,
        config,
        device: load.device,
        // What it does not know it refuses itself.
        ...(load.dtype === null ? {} : { dtype: load.dtype as Transformers.DataType }),
      }),
    ]);
    const watch = load.device === 'webgpu' ? await watchOf(library) : null;
    return {
      input,
      library,
      family,
      config,
      run: (inputs) => run({ model: session, watch, output }, inputs),
      info: {
        provider: load.device,
        dtype: dtypeOf(session),
        threads: load.device === 'wasm' ? threads : 1,
        stored: library.env.useBrowserCache,
      },
    };
  } catch (thrown) {
    throw loadError(load, thrown);
  }
}

/** Of the device that ONNX Runtime made with its first session; null when it keeps it to itself. */
async function watchOf({ env }: Library): Promise<DeviceWatch | null> {
  // Set only in the build for WebGPU, whatever the type says: a caller's own may be another.
  const device = await env.backends.onnx.webgpu?.device;
  return device === undefined ? null : new DeviceWatch(device);
}

interface Runnable {
  readonly model: Transformers.PreTrainedModel;
  /** Null on WASM. */
  readonly watch: DeviceWatch | null;
  /** Its name. */
  readonly output: string;
}

async function run(
  { model, watch, output: name }: Runnable,
  inputs: Readonly<Record<string, Transformers.Tensor>>,
): Promise<TensorOutput> {
  try {
    const forward = (): Promise<unknown> => model.forward(inputs);
    const outputs = (await (watch === null ? forward() : watch.during(forward))) as Readonly<
      Record<string, Transformers.Tensor | undefined>
    >;
    // See TowerSession: a query's message is to get in between runs that follow each other.
    await nextTask();
    const output = outputs[name];
    const data: unknown = output?.data;
    if (output === undefined || !(data instanceof Float32Array)) {
      throw new Error(`It gave no float32 output "${name}". Try another "dtype".`);
    }
    // A copy: it may be a view on the runtime's memory.
    return { data: new Float32Array(data), dims: output.dims };
  } catch (thrown) {
    throw sessionError('The model failed to run.', thrown);
  }
}

/** What was taken where the caller asked for nothing: it decides which vectors can be compared. */
function dtypeOf(model: Transformers.PreTrainedModel): string {
  // Its type says nothing of it.
  const { sessions } = model as { sessions: { model?: { config?: { dtype?: unknown } } } };
  const { config } = sessions.model ?? {};
  return typeof config?.dtype === 'string' ? config.dtype : 'unknown';
}

function loadError({ source, wasmUrl }: TransformersLoad, thrown: unknown): PhotoglotError {
  if (isPhotoglotError(thrown)) return thrown;
  if (isNotStarted(thrown)) return notStarted(wasmUrl, thrown);
  const where = source.kind === 'folder' ? source.url : `${source.id}, ${source.revision}`;
  if (thrown instanceof Error && thrown.name === 'ModelFileNotFoundError') {
    const message =
      `The model ${where} is not there, is not public, or lacks a file that this "dtype" needs. ` +
      thrown.message;
    return new PhotoglotError('model-not-found', message, { cause: thrown });
  }
  return sessionError(`transformers.js could not load the model ${where}.`, thrown);
}
