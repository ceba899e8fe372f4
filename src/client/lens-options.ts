/** Checks the options of `createLens` once, so that everything behind can rely on them. */
import { PhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import { findModel, type RegisteredModel } from '../models/registry';
import type { LensOptions, LensProgress } from './api';

/** Options with defaults and absolute URLs. */
export interface CheckedLensOptions {
  readonly model: RegisteredModel;
  readonly device: Backend;
  /** Ending in `/`, as is `ortUrl`. */
  readonly modelUrl: string;
  readonly ortUrl: string;
  readonly onProgress: (progress: LensProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Throws `invalid-input` or `model-not-found`. */
export function checkLensOptions(options: LensOptions): CheckedLensOptions {
  const { model, device = 'wasm', assets, onProgress, signal } = options;
  expectThat(typeof model === 'string', 'model', 'the name of a model', model);
  expectThat(isBackend(device), 'device', '"wasm" or "webgpu"', device);
  expectThat(isFunctionOrAbsent(onProgress), 'onProgress', 'a function', onProgress);
  expectThat(isSignalOrAbsent(signal), 'signal', 'an AbortSignal', signal);
  const folder = assetsFolder(assets);
  const found = findModel(model);
  return {
    model: found,
    device,
    modelUrl: new URL(found.path, folder).href,
    ortUrl: new URL('ort/', folder).href,
    onProgress: onProgress ?? (() => undefined),
    signal,
  };
}

/** A folder, with or without the slash at the end; the page's own by default. */
function assetsFolder(assets: string | URL | undefined): URL {
  if (assets === undefined) return new URL(document.baseURI);
  let url: URL;
  try {
    url = new URL(assets, document.baseURI);
  } catch (thrown) {
    const message = `The option "assets" must be a URL; got ${String(assets)}.`;
    throw new PhotoglotError('invalid-input', message, { cause: thrown });
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function isBackend(value: unknown): boolean {
  return value === 'wasm' || value === 'webgpu';
}

function isFunctionOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

function isSignalOrAbsent(value: unknown): boolean {
  return value === undefined || value instanceof AbortSignal;
}

function expectThat(holds: boolean, option: string, expected: string, got: unknown): void {
  if (holds) return;
  const shown = typeof got === 'string' ? `"${got}"` : typeof got;
  const message = `The option "${option}" must be ${expected}; got ${shown}.`;
  throw new PhotoglotError('invalid-input', message);
}
