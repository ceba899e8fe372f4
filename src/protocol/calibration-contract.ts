/** What the page asks of the worker that measures how fast a backend is here. */
import type { Backend } from '../models/manifest';
import type { CallContext } from './contract-types';
import type { Tower } from './tower-contract';

/**
 * How ONNX Runtime computes a matrix product: what a number format of the manifest comes to. `q4` and
 * `w8` are weights of 4 and 8 bits in blocks, times float32, or float16 with `f16`.
 */
export const GRAPH_FORMATS = ['fp32', 'fp16', 'int8', 'q4', 'q4f16', 'w8', 'w8f16'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** `int7` is of own kernels. */
export type CalibrationFormat = GraphFormat | 'int7';

/** One backend, which the worker starts once. */
export interface CalibrationBackend {
  readonly provider: Backend;
  /** For which it is measured: texts are short, and ONNX Runtime runs them on one thread; pictures are neither. */
  readonly tower: Tower;
  /** Absolute URL of the folder with ORT's wasm and mjs files, ending in `/`. */
  readonly ortUrl: string;
  readonly format: CalibrationFormat;
}

export interface CalibrationContract {
  /** Brings ONNX Runtime, or starts the kernels' threads, and measures nothing: how long that takes is the network's affair. */
  start(args: CalibrationBackend, context: CallContext<never>): Promise<null>;
  /** Milliseconds of a run of the calibration graph, the median of several; `start` comes first. */
  measure(args: null, context: CallContext<never>): Promise<number>;
}
