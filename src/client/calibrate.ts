/**
 * Measures WebGPU against WASM for a tower: a small graph runs on both, in workers of their own that
 * end with it, by the builds of ONNX Runtime or the own kernels that the towers use. No file of a
 * model is needed.
 */
import { isPhotoglotError, PhotoglotError, toPhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import type { CalibrationContract, CalibrationFormat } from '../protocol/calibration-contract';
import { ORT_VERSION } from '../protocol/ort-version';
import type { Tower } from '../protocol/tower-contract';
import { parseCalibration, type CalibrationVerdict } from './calibration-verdict';
import type { WebGpuCapabilities } from './capability-report';
import { deviceFacts } from './gpu-adapter';
import { keepVerdict, keptVerdict, type VerdictKey } from './kept-verdicts';
import { spawnCalibrationWorker } from './spawn';
import { WorkerLink } from './worker-link';

/** What is compared. */
export interface Contest {
  readonly tower: Tower;
  /** How the variant that each would run is computed. */
  readonly formats: Readonly<Record<Backend, CalibrationFormat>>;
}

export interface CalibrateOptions {
  readonly adapter: WebGpuCapabilities;
  /** Absolute URL of the folder with ORT's files, ending in `/`. */
  readonly ortUrl: string;
  readonly signal: AbortSignal | undefined;
  /**
   * Milliseconds of a measurement, ONNX Runtime's arrival not counted; what takes longer is given up.
   * @default 10000
   */
  readonly patienceMs?: number;
  /** Called around what may bring the page down. @default nothing */
  readonly guarded?: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/**
 * The times as they were kept for this contest on this device, else new ones, which are kept. Rejects
 * with `aborted`, and with what went wrong when there is no comparison: then nothing is kept, as a
 * worker that crashed, or took too long on a busy machine, may do better the next time.
 */
export async function calibrate(
  contest: Contest,
  { guarded = (work) => work(), ...options }: CalibrateOptions,
): Promise<CalibrationVerdict> {
  const key = calibrationKey(contest, options.adapter);
  const kept = parseCalibration(keptVerdict(key));
  if (kept !== null) return kept;
  // First, as it may turn out that workers have none. One after the other: they share the processor.
  const webgpu = await guarded(() => time('webgpu', contest, options)).catch(nullIfWrong);
  const wasm = await time('wasm', contest, options);
  const verdict = { webgpu, wasm };
  keepVerdict(key, verdict);
  return verdict;
}

/** Another number when something else is measured. */
const METHOD = 2;

/** One answer per pair of number formats; method, adapter, browser and runtime are what it depends on. */
export function calibrationKey(
  { tower, formats: { webgpu, wasm } }: Contest,
  adapter: WebGpuCapabilities,
): VerdictKey {
  const facts = [METHOD, ORT_VERSION, globalThis.crossOriginIsolated, ...deviceFacts(adapter)];
  return { slot: `calibration:${tower}:${webgpu}/${wasm}`, of: JSON.stringify(facts) };
}

/** Rejects where the backend cannot be brought, fails, computes wrongly, or comes to no end. */
async function time(
  provider: Backend,
  { tower, formats }: Contest,
  { ortUrl, signal, patienceMs = 10_000 }: Omit<CalibrateOptions, 'adapter' | 'guarded'>,
): Promise<number> {
  const link = new WorkerLink<CalibrationContract>(spawnCalibrationWorker);
  let patience: ReturnType<typeof setTimeout> | undefined;
  try {
    const format = formats[provider];
    await link.call('start', { provider, tower, ortUrl, format }, { signal });
    patience = setTimeout(() => {
      link.dispose(tooSlow(provider, patienceMs));
    }, patienceMs);
    return await link.call('measure', null, { signal });
  } catch (thrown) {
    throw toPhotoglotError(thrown);
  } finally {
    clearTimeout(patience);
    link.dispose();
  }
}

/** Wrong products are an answer, and the only failure that is one. */
function nullIfWrong(thrown: unknown): null {
  if (isPhotoglotError(thrown) && thrown.code === 'self-test-failed') return null;
  throw thrown;
}

function tooSlow(provider: Backend, patienceMs: number): PhotoglotError {
  return new PhotoglotError(
    'backend-unavailable',
    `A small graph took more than ${patienceMs / 1000} s on ${provider}.`,
  );
}
