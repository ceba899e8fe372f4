/** Which form of the kernels is fastest on this processor: tried, as no feature tells. */
import { createKernel, hasKernel, type Kernel, type KernelName } from './kernel';

/** A layer small enough to be tried in a millisecond, and to stay in the processor's cache. */
const [INPUTS, OUTPUTS, ROWS] = [512, 64, 12] as const;
/** What the layer takes, of memory. */
const PAGES = 2;
/** The least of so many times counts: what disturbs only makes slower. */
const TIMES = 7;
/** So often per time: clocks in browsers are coarse. */
const REPEATS = 20;

/** Takes some ten milliseconds. */
export async function fastestKernel(): Promise<KernelName> {
  if (!hasKernel('dot')) return 'simd';
  const [dot, relaxed] = [await trial('dot'), await trial('relaxed-simd')];
  const best = [Infinity, Infinity];
  // In turns, so that a slow moment hits both.
  for (let time = 0; time < TIMES; time++) {
    [dot, relaxed].forEach((run, index) => {
      best[index] = Math.min(best[index] ?? Infinity, timeOf(run));
    });
  }
  return (best[0] ?? 0) < (best[1] ?? 0) ? 'dot' : 'relaxed-simd';
}

async function trial(name: KernelName): Promise<() => void> {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const kernel = await createKernel(name, memory);
  return () => {
    for (let count = 0; count < REPEATS; count++) runLayer(kernel);
  };
}

/** All zeroes: the time does not depend on the numbers. */
function runLayer(kernel: Kernel): void {
  const [weights, codes, rest] = [0, INPUTS * OUTPUTS, INPUTS * (OUTPUTS + ROWS)];
  const layer = [weights, rest, rest, rest] as const;
  kernel.linear(0, OUTPUTS, rest, OUTPUTS, codes, rest, rest, ...layer, ROWS, INPUTS, INPUTS, 0);
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
