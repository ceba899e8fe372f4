/** What a calibration says: where a tower is to run. */
import type { Backend, TowerVariant } from '../models/manifest';
import { GRAPH_FORMATS, type CalibrationFormat } from '../protocol/calibration-contract';

/** Median milliseconds of a run of the calibration graph. */
export interface CalibrationVerdict {
  /** Null where its products are wrong. */
  readonly webgpu: number | null;
  readonly wasm: number;
}

/** A backend, and why it in words. */
export interface ChosenDevice {
  readonly device: Backend;
  readonly reason: string;
}

/** A graphics card that is hardly faster is not worth a larger runtime and a screen that stutters. */
const WORTHWHILE = 1.2;

/** The faster one; WASM where WebGPU is not clearly faster. */
export function judgeCalibration({ webgpu, wasm }: CalibrationVerdict): ChosenDevice {
  if (webgpu === null)
    return { device: 'wasm', reason: 'calibration: webgpu computes wrongly here' };
  const speed = wasm / webgpu;
  if (speed >= WORTHWHILE) {
    return { device: 'webgpu', reason: `calibration: ${times(speed)} as fast as wasm` };
  }
  const reason =
    speed > 1
      ? `calibration: webgpu is only ${times(speed)} as fast`
      : `calibration: ${times(1 / speed)} as fast as webgpu`;
  return { device: 'wasm', reason };
}

/** An answer that was kept; null if it is none. */
export function parseCalibration(kept: unknown): CalibrationVerdict | null {
  if (typeof kept !== 'object' || kept === null || !('webgpu' in kept) || !('wasm' in kept)) {
    return null;
  }
  const { webgpu, wasm } = kept;
  const isRight = isDuration(wasm) && (webgpu === null || isDuration(webgpu));
  return isRight ? { webgpu, wasm } : null;
}

/** How a variant's matrix products are computed; stored int8 becomes floats when it is loaded. */
export function formatOf({
  engine = 'onnx',
  dtype,
}: Pick<TowerVariant, 'engine' | 'dtype'>): CalibrationFormat {
  if (engine !== 'onnx') return 'int7';
  return GRAPH_FORMATS.find((format) => format === dtype) ?? 'fp32';
}

function isDuration(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value);
}

function times(factor: number): string {
  return `${factor.toFixed(1)} times`;
}
