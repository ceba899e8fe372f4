/** Checks the options of `createLens` once, so that everything behind can rely on them. */
import { PhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import { findModel, isModelAddress } from '../models/registry';
import type { DtypeOption, LensOptions, LensProgress } from './api';

/** Options with defaults and absolute URLs. */
export interface CheckedLensOptions {
  readonly device: Backend;
  readonly dtype: { readonly text: string | undefined; readonly image: string | undefined };
  /** Ending in `/`, as is `ortUrl`. */
  readonly modelUrl: string;
  readonly ortUrl: string;
  readonly onProgress: (progress: LensProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Throws `invalid-input` or `model-not-found`. */
export function checkLensOptions(options: LensOptions): CheckedLensOptions {
  const { model, device = 'wasm', dtype, assets, onProgress, signal } = options;
  expectThat(isModel(model), 'model', 'the name of a model or the URL of its folder', model);
  expectThat(isBackend(device), 'device', '"wasm" or "webgpu"', device);
  expectThat(isDtype(dtype), 'dtype', 'a string or { text, image }', dtype);
  expectThat(isFunctionOrAbsent(onProgress), 'onProgress', 'a function', onProgress);
  expectThat(isSignalOrAbsent(signal), 'signal', 'an AbortSignal', signal);
  const folder = assets === undefined ? new URL(document.baseURI) : folderUrl('assets', assets);
  return {
    device,
    dtype: dtypeOf(dtype),
    modelUrl: modelFolder(model, folder).href,
    ortUrl: new URL('ort/', folder).href,
    onProgress: onProgress ?? (() => undefined),
    signal,
  };
}

function modelFolder(model: string | URL, assets: URL): URL {
  const name = String(model);
  return isModelAddress(name) ? folderUrl('model', name) : new URL(findModel(name).path, assets);
}

/** A folder, with or without the slash at the end, relative to the page. */
function folderUrl(option: string, value: string | URL): URL {
  const base = document.baseURI;
  const url = URL.canParse(value, base) ? new URL(value, base) : null;
  // `mini:2` is a URL as well, but one that nothing can be relative to.
  if (url === null || !URL.canParse('.', url)) {
    const message = `The option "${option}" must be the URL of a folder; got ${String(value)}.`;
    throw new PhotoglotError('invalid-input', message);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function dtypeOf(dtype: DtypeOption | undefined): CheckedLensOptions['dtype'] {
  return typeof dtype === 'object'
    ? { text: dtype.text, image: dtype.image }
    : { text: dtype, image: dtype };
}

function isModel(value: unknown): boolean {
  return typeof value === 'string' || value instanceof URL;
}

function isDtype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStringOrAbsent(value);
  return Object.entries(value).every(
    ([tower, dtype]) => (tower === 'text' || tower === 'image') && isStringOrAbsent(dtype),
  );
}

function isStringOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
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
