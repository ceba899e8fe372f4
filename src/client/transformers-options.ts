/** Options of `createTransformersLens`, and what is checked of them once. */
import { PhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import type { TransformersLoad, TransformersSource } from '../protocol/transformers-contract';
import type { DtypeOption, LensProgress, MemoryProfile } from './api';
import { checkDtype, type CheckedDtype } from './device-options';
import { checkLifecycle, type CheckedLifecycle } from './lifecycle-options';
import { expectThat, folderUrl, isFunctionOrAbsent, isSignalOrAbsent } from './option-checks';

/** What a lens of transformers.js is made of. */
export interface TransformersLensOptions {
  /**
   * Repository on the host, such as `Xenova/clip-vit-base-patch16`; or the URL of a folder with the
   * same files, which begins with `/`, `./`, `../` or a scheme.
   */
  readonly model: string | URL;
  /**
   * Branch, tag or commit; a branch can come to mean other weights, whose vectors do not fit those
   * that a collection has. Of a folder it is a name of the caller's for what lies there.
   * @default 'main'
   */
  readonly revision?: string;
  /** Server with repositories in the layout of the Hugging Face Hub. @default that of transformers.js, https://huggingface.co/ */
  readonly host?: string | URL;
  /**
   * Folder that serves the wasm and mjs files of the onnxruntime-web that transformers.js depends
   * on; it has another version than the SDK's own `ort/`.
   */
  readonly wasmPaths: string | URL;
  /** transformers.js as one module, `dist/transformers.min.js`. @default the installed package, as the bundler packs it */
  readonly library?: string | URL;
  /** @default 'wasm' */
  readonly device?: Backend;
  /** `fp32`, `fp16`, `q8`, `q4` …, of both towers or of each. @default what transformers.js takes for the device and the model */
  readonly dtype?: DtypeOption;
  /** @default 'normal' */
  readonly memory?: MemoryProfile;
  /** Milliseconds without a call after which a tower is unloaded; null for never. @default 300_000 */
  readonly unloadAfter?: number | null;
  readonly onProgress?: (progress: LensProgress) => void;
  readonly signal?: AbortSignal;
}

/** Options with defaults and absolute URLs. */
export interface CheckedTransformersOptions extends Pick<
  CheckedLifecycle,
  'memory' | 'unloadAfter'
> {
  readonly load: Omit<TransformersLoad, 'dtype'>;
  readonly dtype: CheckedDtype;
  /** Id of the repository, or URL of the folder. */
  readonly id: string;
  readonly revision: string;
  readonly onProgress: (progress: LensProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Throws `invalid-input`. */
export function checkTransformersOptions(
  options: TransformersLensOptions,
): CheckedTransformersOptions {
  const { revision = 'main', wasmPaths, device = 'wasm', dtype, onProgress, signal } = options;
  const isRevision = typeof revision === 'string' && revision !== '';
  expectThat(isRevision, 'revision', 'a branch, tag or commit', revision);
  expectThat(isDevice(device), 'device', '"wasm" or "webgpu"', device);
  expectThat(isFunctionOrAbsent(onProgress), 'onProgress', 'a function', onProgress);
  expectThat(isSignalOrAbsent(signal), 'signal', 'an AbortSignal', signal);
  const source = sourceOf(options, revision);
  const { memory, unloadAfter } = checkLifecycle(options, '', new URL(document.baseURI));
  return {
    load: {
      source,
      libraryUrl: options.library === undefined ? null : moduleUrl(options.library),
      wasmUrl: folderUrl('wasmPaths', wasmPaths).href,
      device,
    },
    dtype: checkDtype(dtype),
    id: source.kind === 'folder' ? source.url : source.id,
    revision,
    memory,
    unloadAfter,
    onProgress: onProgress ?? (() => undefined),
    signal,
  };
}

function sourceOf({ model, host }: TransformersLensOptions, revision: string): TransformersSource {
  const words = 'the name of a repository, such as "Xenova/clip-vit-base-patch16", or a URL';
  expectThat(typeof model === 'string' || isUrl(model), 'model', words, model);
  const name = String(model);
  if (/^(\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(name)) {
    expectThat(host === undefined, 'host', 'left out for a model given by its URL', host);
    return { kind: 'folder', url: folderUrl('model', model).href };
  }
  expectThat(/^[\w.-]+(\/[\w.-]+)?$/.test(name), 'model', words, model);
  const server = host === undefined ? null : folderUrl('host', host).href;
  return { kind: 'repository', id: name, revision, host: server };
}

function moduleUrl(library: string | URL): string {
  if (URL.canParse(library, document.baseURI)) return new URL(library, document.baseURI).href;
  const message = `The option "library" must be the URL of a module; got ${String(library)}.`;
  throw new PhotoglotError('invalid-input', message);
}

function isUrl(value: unknown): boolean {
  return value instanceof URL;
}

function isDevice(value: unknown): boolean {
  return value === 'wasm' || value === 'webgpu';
}
