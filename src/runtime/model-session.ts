/** What runs a tower: ONNX Runtime, or own kernels. */
import type { TensorInput, TensorOutput } from './tower-session';

/** How a run is to behave. */
export interface RunOptions {
  /** Heeded where a run can be left in the middle. */
  readonly signal: AbortSignal;
  /** Others compute at the same time: a short run takes no more than its share. */
  readonly shared: boolean;
}

export interface ModelSession {
  /** That compute, the calling one included; 1 on a GPU. */
  readonly threads: number;

  /**
   * Runs the model and gives the named outputs, in order. One run at a time: the caller sees to that.
   */
  run<const Names extends readonly string[]>(
    inputs: Readonly<Record<string, TensorInput>>,
    outputs: Names,
    options: RunOptions,
  ): Promise<{ readonly [Index in keyof Names]: TensorOutput }>;
  release(): Promise<void>;
}
