/** Who runs the kernels. */
import type { Kernel } from './kernel';

/** Kernels that can be divided: their first two arguments are the part to do. */
export type DivisibleKernel = 'quantize' | 'linear' | 'norm' | 'attention';

/** Runs kernels, alone or with others. */
export interface KernelThreads {
  readonly count: number;
  /** For what is too small to divide. */
  readonly kernel: Kernel;
  /**
   * Does parts 0 to `total` (exclusive) of a kernel's work, divided at multiples of `unit`; returns
   * when all of it is done.
   *
   * @param rest the arguments behind the part, for each thread
   */
  run(
    kernel: DivisibleKernel,
    total: number,
    unit: number,
    rest: (thread: number) => readonly number[],
  ): void;
  /** The calling thread without the others. */
  alone(): KernelThreads;
  /** Ends the other threads. */
  release(): void;
}

/** The calling thread alone. */
export function singleThread(kernel: Kernel): KernelThreads {
  const thread: KernelThreads = {
    count: 1,
    kernel,
    run: (name, total, _unit, rest) => {
      callKernel(kernel, name, 0, total, rest(0));
    },
    alone: () => thread,
    release: () => undefined,
  };
  return thread;
}

/** One part of the work. */
export function callKernel(
  kernel: Kernel,
  name: DivisibleKernel,
  from: number,
  to: number,
  rest: readonly number[],
): void {
  const run: (...args: number[]) => void = kernel[name];
  run(from, to, ...rest);
}
