/** Kernels that stand still while something more urgent is computed elsewhere. */
import type { KernelThreads } from './kernel-threads';

/**
 * The same threads; `wait` is called before each piece of work, and may block. The largest pieces take
 * some ten milliseconds.
 */
export function givingWay(threads: KernelThreads, wait: () => void): KernelThreads {
  return {
    ...threads,
    run: (...work) => {
      wait();
      threads.run(...work);
    },
    alone: () => givingWay(threads.alone(), wait),
  };
}
