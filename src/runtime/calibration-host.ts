/** Measures a backend with the builds of ONNX Runtime that the towers use, or with own kernels. */
import type * as Ort from 'onnxruntime-web/wasm';
import { PhotoglotError } from '../errors';
import type { Backend } from '../models/manifest';
import type {
  CalibrationBackend,
  CalibrationContract,
  GraphFormat,
} from '../protocol/calibration-contract';
import type { Tower } from '../protocol/tower-contract';
import { CALIBRATION, calibrationGraph, calibrationResult } from './calibration-graph';
import { kernelTrial } from './calibration-kernels';
import { wasmThreads } from './wasm-threads';
import { isNotStarted, notStarted } from './not-started';
import { loadOrt, type OrtModule } from './ort-module';

/** Rows of a run: the tokens of a sentence, and half the patches of a picture. */
const ROWS: Readonly<Record<Tower, number>> = { text: 16, image: 128 };
/** Timed runs behind one that warms up: shaders are translated there, and threads started. */
const RUNS = 3;
/** float16 has three digits. */
const TOLERANCE = 0.02;

/** Makes what is timed, and gives the milliseconds of a run. */
type Trial = () => Promise<() => number | Promise<number>>;

export class CalibrationHost implements CalibrationContract {
  #trial: Trial | null = null;

  async start({ provider, tower, ortUrl, format }: CalibrationBackend): Promise<null> {
    const rows = ROWS[tower];
    if (format === 'int7') {
      // Threads are fetched and started here.
      const run = await timedKernels(rows);
      this.#trial = () => Promise.resolve(run);
      return null;
    }
    try {
      const threads = tower === 'text' || provider === 'webgpu' ? 1 : wasmThreads();
      const ort = await loadOrt({ provider, ortUrl, threads });
      // ORT fetches its WASM with the first session; this one needs no graphics.
      await (await sessionOf(ort, 'fp32', 1, 'wasm')).release();
      this.#trial = async () => {
        const session = await sessionOf(ort, format, rows, provider);
        return () => timedRun(ort, session, rows);
      };
      return null;
    } catch (thrown) {
      throw isNotStarted(thrown) ? notStarted(ortUrl, thrown) : thrown;
    }
  }

  async measure(): Promise<number> {
    if (this.#trial === null) throw new Error('start was not called');
    const run = await this.#trial();
    await run();
    const times: number[] = [];
    for (let count = 0; count < RUNS; count++) times.push(await run());
    return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Infinity;
  }
}

/** Own kernels have all threads for either tower. */
async function timedKernels(rows: number): Promise<() => number> {
  const run = await kernelTrial(rows, wasmThreads());
  return () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
}

function sessionOf(
  { InferenceSession }: OrtModule,
  format: GraphFormat,
  rows: number,
  provider: Backend,
): Promise<Ort.InferenceSession> {
  const graph = calibrationGraph(format, rows);
  return InferenceSession.create(graph, { executionProviders: [provider] });
}

/** Milliseconds, the result's way back included. A backend that computes wrongly is no fast one. */
async function timedRun(
  { Tensor }: OrtModule,
  session: Ort.InferenceSession,
  rows: number,
): Promise<number> {
  const { input, output, width } = CALIBRATION;
  const ones = new Float32Array(rows * width).fill(1);
  const feeds = { [input]: new Tensor('float32', ones, [rows, width]) };
  const start = performance.now();
  const data = (await session.run(feeds))[output]?.data as Float32Array;
  const ms = performance.now() - start;
  const expected = calibrationResult();
  const isRight = data.every((value) => Math.abs(value - expected) <= TOLERANCE * expected);
  if (isRight && data.length === ones.length) return ms;
  throw new PhotoglotError('self-test-failed', 'The backend gives wrong products.');
}
