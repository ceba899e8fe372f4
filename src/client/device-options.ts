/** Checks where and in which number format a model is to run. */
import type { DeviceOption, DtypeOption } from './api';
import { expectThat, isStringOrAbsent } from './option-checks';

/** A number format per tower; undefined for the best that runs. */
export interface CheckedDtype {
  readonly text: string | undefined;
  readonly image: string | undefined;
}

/** Throws `invalid-input`. */
export function checkDevice(device: DeviceOption = 'auto'): DeviceOption {
  expectThat(isDevice(device), 'device', '"auto", "wasm" or "webgpu"', device);
  return device;
}

/** Throws `invalid-input`. */
export function checkDtype(dtype: DtypeOption | undefined): CheckedDtype {
  expectThat(isDtype(dtype), 'dtype', 'a string or { text, image }', dtype);
  return typeof dtype === 'object'
    ? { text: dtype.text, image: dtype.image }
    : { text: dtype, image: dtype };
}

function isDevice(value: unknown): boolean {
  return value === 'auto' || value === 'wasm' || value === 'webgpu';
}

function isDtype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStringOrAbsent(value);
  return Object.entries(value).every(
    ([tower, dtype]) => (tower === 'text' || tower === 'image') && isStringOrAbsent(dtype),
  );
}
