/** Checks the options of the model cache's `download` once. */
import type { Backend } from '../models/manifest';
import type { DeliveryProgress, DeliverySource, FileListing } from '../protocol/delivery-contract';
import { checkDevice, checkDtype, type CheckedDtype } from './device-options';
import { deliverySource } from './delivery-options';
import { assetsFolder, modelFolder } from './model-address';
import type { DownloadOptions } from './model-cache-api';
import { expectThat, isFunctionOrAbsent, isSignalOrAbsent } from './option-checks';
import type { PauseController } from './pause-controller';

/** Options with defaults and absolute URLs. */
export interface CheckedDownload {
  readonly source: DeliverySource;
  readonly device: Backend;
  readonly dtype: CheckedDtype;
  /** Null for what a lens needs, or for all of a listing. */
  readonly files: readonly string[] | null;
  readonly pause: PauseController | undefined;
  readonly onProgress: ((progress: DeliveryProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Throws `invalid-input` or `model-not-found`. */
export function checkDownload(
  model: string | URL | FileListing,
  options: DownloadOptions,
): CheckedDownload {
  const { files, pause, onProgress, signal } = options;
  // Not every caller has a compiler.
  const given = model as unknown;
  const isModel = typeof given === 'string' || (typeof given === 'object' && given !== null);
  expectThat(isModel, 'model', 'a name, the URL of a folder, or a listing of files', model);
  expectThat(isNamesOrAbsent(files), 'files', 'an array of names', files);
  expectThat(isFunctionOrAbsent(onProgress), 'onProgress', 'a function', onProgress);
  expectThat(isSignalOrAbsent(signal), 'signal', 'an AbortSignal', signal);
  const isListing = typeof model === 'object' && !(model instanceof URL);
  const from = isListing ? model : modelFolder('model', model, assetsFolder(options.assets));
  return {
    source: deliverySource(from, options),
    device: checkDevice(options.device),
    dtype: checkDtype(options.dtype),
    files: files ?? null,
    pause,
    onProgress,
    signal,
  };
}

function isNamesOrAbsent(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
