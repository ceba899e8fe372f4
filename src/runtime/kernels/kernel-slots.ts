/**
 * How the kernels' threads talk: a slot of 256 bytes per thread in the memory that they share, below
 * the weights. The encoder writes a task and raises `asked`; the thread does it and sets `done` to the
 * same number.
 */
import type { DivisibleKernel } from './kernel-threads';

/** Kernels by their number in a slot. */
export const TASKS = [
  'quantize',
  'linear',
  'norm',
  'attention',
] as const satisfies readonly DivisibleKernel[];

const SLOT = 256;
/** Of the first page, which is free up to the weights. */
const FIRST = 32_768;
/** Bytes in a slot before the arguments. */
const ARGUMENTS = 64;
/** The longest list, with the part. */
const MOST_ARGUMENTS = 20;

/** Looks at a number so often before going to sleep: waking up takes longer than most tasks. */
const LOOKS = 20_000;

/** Views on one thread's slot. */
export class KernelSlot {
  /** 0 asked, 1 done, 2 kernel, 3 number of arguments, 4 whether it failed. */
  readonly #state: Int32Array;
  readonly #arguments: Float64Array;

  constructor(memory: WebAssembly.Memory, thread: number) {
    const start = FIRST + thread * SLOT;
    this.#state = new Int32Array(memory.buffer, start, 5);
    this.#arguments = new Float64Array(memory.buffer, start + ARGUMENTS, MOST_ARGUMENTS);
  }

  /** The encoder's side: hands over a part. */
  ask(kernel: DivisibleKernel, from: number, to: number, rest: readonly number[]): void {
    this.#arguments.set([from, to, ...rest]);
    this.#state[2] = TASKS.indexOf(kernel);
    this.#state[3] = rest.length;
    this.#state[4] = 0;
    Atomics.add(this.#state, 0, 1);
    Atomics.notify(this.#state, 0);
  }

  /** The encoder's side: waits until the part is done. False where it failed, or is not done in time. */
  finished(milliseconds: number): boolean {
    const asked = Atomics.load(this.#state, 0);
    const end = performance.now() + milliseconds;
    for (;;) {
      const done = Atomics.load(this.#state, 1);
      if (done === asked) return Atomics.load(this.#state, 4) === 0;
      if (!differs(this.#state, 1, done, end - performance.now())) return false;
    }
  }

  /** The thread's side: waits for the task after number `last` and does it; gives its number. */
  serve(last: number, run: (kernel: DivisibleKernel, args: readonly number[]) => void): number {
    differs(this.#state, 0, last, Infinity);
    const asked = Atomics.load(this.#state, 0);
    const kernel = TASKS[this.#state[2] ?? -1];
    const args = this.#arguments.subarray(0, 2 + (this.#state[3] ?? 0));
    try {
      if (kernel === undefined) throw new RangeError('No such kernel.');
      run(kernel, Array.from(args));
    } catch {
      Atomics.store(this.#state, 4, 1);
    }
    Atomics.store(this.#state, 1, asked);
    Atomics.notify(this.#state, 1);
    return asked;
  }
}

/** Waits until the number at `index` is another; false if the time is over. */
function differs(state: Int32Array, index: number, value: number, milliseconds: number): boolean {
  for (let look = 0; look < LOOKS; look++) {
    if (Atomics.load(state, index) !== value) return true;
  }
  return Atomics.wait(state, index, value, Math.max(0, milliseconds)) !== 'timed-out';
}
