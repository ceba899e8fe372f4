/** On which device a tower is to run: what was asked for, or what is faster here. */
import { isPhotoglotError } from '../errors';
import type { TowerBackends } from '../models/manifest';
import { fitsDevice } from '../models/pick-variant';
import type { Tower } from '../protocol/tower-contract';
import type { DeviceOption } from './api';
import {
  formatOf,
  judgeCalibration,
  type CalibrationVerdict,
  type ChosenDevice,
} from './calibration-verdict';
import type { Contest } from './calibrate';
import type { WebGpuCapabilities } from './capability-report';

/** What there is, and what was asked for. */
export interface DeviceWish {
  readonly tower: Tower;
  readonly backends: TowerBackends;
  readonly asked: DeviceOption;
  /** Number format; undefined for any. */
  readonly dtype: string | undefined;
  /** After crashes nothing is tried that might be their cause. */
  readonly careful: boolean;
  /** Null where there is none. */
  readonly adapter: WebGpuCapabilities | null;
  /** Asked only where the answer decides. */
  readonly calibrate: (contest: Contest) => Promise<CalibrationVerdict>;
}

/** Rejects with `aborted` only: without a comparison it is WASM. */
export async function chooseDevice(wish: DeviceWish): Promise<ChosenDevice> {
  const { tower, backends, asked, dtype, careful, adapter } = wish;
  if (asked !== 'auto') return { device: asked, reason: 'asked for' };
  if (careful) return { device: 'wasm', reason: 'careful after crashes' };
  if (adapter === null) return { device: 'wasm', reason: 'no WebGPU adapter' };
  if (adapter.isFallback) return { device: 'wasm', reason: 'software adapter' };
  const features = new Set(adapter.features);
  const gpu = backends.webgpu.find((variant) => fitsDevice(variant, { features, dtype }));
  if (gpu === undefined) return { device: 'wasm', reason: 'no variant for WebGPU' };
  if (gpu.provider === 'wasm') {
    return { device: 'webgpu', reason: 'the model’s choice for devices with WebGPU' };
  }
  const cpu = backends.wasm.find((variant) => fitsDevice(variant, { features, dtype }));
  if (cpu === undefined) return { device: 'webgpu', reason: 'no variant for WASM' };
  try {
    const formats = { webgpu: formatOf(gpu), wasm: formatOf(cpu) };
    return judgeCalibration(await wish.calibrate({ tower, formats }));
  } catch (thrown) {
    if (isPhotoglotError(thrown) && thrown.code === 'aborted') throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { device: 'wasm', reason: `WebGPU could not be measured: ${why}` };
  }
}
