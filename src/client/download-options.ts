/** Checks the options of the model cache's `download` once. */
import type { DeliveryProgress, DeliverySource, FileListing } from '../protocol/delivery-contract';
import type { DeviceOption } from './api';
import { checkDevice, checkDtype, type CheckedDtype } from './device-options';
import { deliverySource } from './delivery-options';
import { checkLanguages } from './language-options';
import { assetsFolder, modelFolder } from './model-address';
import type { DownloadOptions } from './model-cache-api';
import { expectThat, isFunctionOrAbsent, isSignalOrAbsent } from './option-checks';
import type { PauseController } from './pause-controller';

/** Options with defaults and absolute URLs. */
export interface CheckedDownload {
  readonly source: DeliverySource;
  readonly device: DeviceOption;
  readonly dtype: CheckedDtype;
  readonly languages: readonly string[] | undefined;
  /** Absolute URL of the folder with ONNX Runtime's files, ending in `/`. */
  readonly ortUrl: string;
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
  const folder = assetsFolder(options.assets);
  const from = isListing ? model : modelFolder('model', model, folder);
  return {
    source: deliverySource(from, options),
    device: checkDevice(options.device),
    dtype: checkDtype(options.dtype),
    languages: checkLanguages(options.languages),
    ortUrl: new URL('ort/', folder).href,
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
