/** Checks the options of `createLens` once, so that everything behind can rely on them. */
import type { DeliverySource } from '../protocol/delivery-contract';
import type { DeviceOption, LensOptions, LensProgress } from './api';
import { deliverySource } from './delivery-options';
import { checkDevice, checkDtype, type CheckedDtype } from './device-options';
import { checkLifecycle, type CheckedLifecycle } from './lifecycle-options';
import { checkLanguages } from './language-options';
import { assetsFolder, modelFolder } from './model-address';
import { expectThat, isFunctionOrAbsent, isSignalOrAbsent } from './option-checks';
import type { PauseController } from './pause-controller';

/** Options with defaults and absolute URLs. */
export interface CheckedLensOptions extends CheckedLifecycle {
  readonly device: DeviceOption;
  readonly dtype: CheckedDtype;
  readonly languages: readonly string[] | undefined;
  readonly source: DeliverySource;
  readonly pause: PauseController | undefined;
  /** Ending in `/`, as is `ortUrl`. */
  readonly modelUrl: string;
  readonly ortUrl: string;
  readonly onProgress: (progress: LensProgress) => void;
  readonly signal: AbortSignal | undefined;
}

/** Throws `invalid-input` or `model-not-found`. */
export function checkLensOptions(options: LensOptions): CheckedLensOptions {
  const { model, device, dtype, languages, assets, pause, onProgress, signal } = options;
  expectThat(isModel(model), 'model', 'the name of a model or the URL of its folder', model);
  expectThat(isFunctionOrAbsent(onProgress), 'onProgress', 'a function', onProgress);
  expectThat(isSignalOrAbsent(signal), 'signal', 'an AbortSignal', signal);
  const folder = assetsFolder(assets);
  const modelUrl = modelFolder('model', model, folder);
  return {
    device: checkDevice(device),
    dtype: checkDtype(dtype),
    languages: checkLanguages(languages),
    source: deliverySource(modelUrl, options),
    pause,
    modelUrl: modelUrl.href,
    ortUrl: new URL('ort/', folder).href,
    onProgress: onProgress ?? (() => undefined),
    signal,
    ...checkLifecycle(options, modelUrl.href, folder),
  };
}

function isModel(value: unknown): boolean {
  return typeof value === 'string' || value instanceof URL;
}
