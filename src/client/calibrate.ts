/**
 * Measures WebGPU against WASM for a tower: a small graph runs on both, in workers of their own that
 * end with it, by the builds of ONNX Runtime that the towers use. No file of a model is needed.
 */
import { abortedError } from '../core/until-aborted';
import { toPhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import type { CalibrationContract } from '../protocol/calibration-contract';
import { ORT_VERSION } from '../protocol/ort-version';
import type { Tower } from '../protocol/tower-contract';
import { formatOf, parseCalibration, type CalibrationVerdict } from './calibration-verdict';
import type { WebGpuCapabilities } from './capability-report';
import { deviceFacts } from './gpu-adapter';
import { keepVerdict, keptVerdict, type VerdictKey } from './kept-verdicts';
import { spawnCalibrationWorker } from './spawn';
import { within } from './within';
import { WorkerLink } from './worker-link';

/** Milliseconds of a measurement, ONNX Runtime's arrival not counted; what takes longer is no choice. */
const PATIENCE_MS = 10_000;

/** What is compared. */
export interface Contest {
  readonly tower: Tower;
  /** Number format of the variant that each would run. */
  readonly dtypes: Readonly<Record<Backend, string>>;
}

export interface CalibrateOptions {
  readonly adapter: WebGpuCapabilities;
  /** Absolute URL of the folder with ORT's files, ending in `/`. */
  readonly ortUrl: string;
  readonly signal: AbortSignal | undefined;
  /** Called around what may bring the page down. @default nothing */
  readonly guarded?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * The times as they were kept for this contest on this device, else new ones, which are kept. Rejects
 * with `aborted`, and with what went wrong when there is no comparison: then nothing is kept.
 */
export async function calibrate(
  contest: Contest,
  { guarded = (work) => work(), ...options }: CalibrateOptions,
): Promise<CalibrationVerdict> {
  const key = calibrationKey(contest, options.adapter);
  const kept = parseCalibration(keptVerdict(key));
  if (kept !== null) return kept;
  // First, as it may turn out that workers have none. One after the other: they share the processor.
  const webgpu = await guarded(() => time('webgpu', contest, options));
  const wasm = await time('wasm', contest, options);
  if (wasm === null) throw new Error('WASM could not be measured.');
  const verdict = { webgpu, wasm };
  keepVerdict(key, verdict);
  return verdict;
}

/** One answer per pair of number formats; adapter, browser and runtime are what it depends on. */
export function calibrationKey(
  { tower, dtypes: { webgpu, wasm } }: Contest,
  adapter: WebGpuCapabilities,
): VerdictKey {
  const facts = [ORT_VERSION, globalThis.crossOriginIsolated, ...deviceFacts(adapter)];
  return { slot: `calibration:${tower}:${webgpu}/${wasm}`, of: JSON.stringify(facts) };
}

/** Null where the backend fails, or comes to no end. Rejects when it cannot be brought. */
async function time(
  provider: Backend,
  { tower, dtypes }: Contest,
  { ortUrl, signal }: Omit<CalibrateOptions, 'adapter' | 'guarded'>,
): Promise<number | null> {
  const link = new WorkerLink<CalibrationContract>(spawnCalibrationWorker);
  try {
    await link.call('start', { provider, tower, ortUrl }, { signal });
    const format = formatOf(dtypes[provider]);
    const measured = link.call('measure', { format }, { signal });
    const ms = await within(PATIENCE_MS, () => measured, null);
    if (signal?.aborted === true) throw abortedError(signal);
    return ms;
  } catch (thrown) {
    throw toPhotoglotError(thrown);
  } finally {
    link.dispose();
  }
}
