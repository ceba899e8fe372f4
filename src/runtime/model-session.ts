/** What runs a tower: ONNX Runtime, or own kernels. */
import type { TensorInput, TensorOutput } from './tower-session';

export interface ModelSession {
  /**
   * Runs the model and gives the named outputs, in order. One run at a time: the caller sees to that.
   * A signal is heeded where a run can be left in the middle.
   */
  run<const Names extends readonly string[]>(
    inputs: Readonly<Record<string, TensorInput>>,
    outputs: Names,
    signal: AbortSignal,
  ): Promise<{ readonly [Index in keyof Names]: TensorOutput }>;
  release(): Promise<void>;
}
