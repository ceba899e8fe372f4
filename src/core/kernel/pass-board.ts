/**
 * Where threads find a first pass, in memory that they share. One thread, the owner, opens a pass and
 * works on it; who helps comes in while it is open, takes chunks as long as there are any, and leaves.
 * The owner waits only for helpers that are inside, hence for a chunk each: one that sleeps, starts or
 * never came to be is not missed.
 */
import { chunksOf, type FirstPass } from './first-pass';
import type { KernelMemory } from './kernel-memory';

/**
 * Numbers of the board, int32: passes so far; who is inside; the next chunk; whether a helper failed;
 * whether all is over.
 */
const [PASSES, INSIDE, NEXT, FAILED, OVER] = [0, 1, 2, 3, 4] as const;
const NUMBERS = 5;
/** Of INSIDE, whose other bits count helpers: they may come in. Memory begins as 0, hence closed. */
const OPEN = 2 ** 30;

/** The pass itself, float64 behind the numbers above. */
const FIELDS = [
  ...(['rows', 'rowsPerChunk', 'chunks', 'words', 'bits'] as const),
  ...(['query', 'step', 'top', 'scale', 'filter'] as const),
] as const satisfies readonly (keyof FirstPass)[];
const FIELDS_AT = 64;

/** Looks at a number so often before going to sleep: waking up takes longer than a chunk. */
const LOOKS = 20_000;

export class PassBoard {
  /** What a board takes in memory, which is 0 at first. */
  static readonly BYTES = FIELDS_AT + 8 * FIELDS.length;
  readonly #state: Int32Array;
  readonly #fields: Float64Array;

  /** @param memory shared @param address of the board */
  constructor({ buffer }: KernelMemory, address: number) {
    this.#state = new Int32Array(buffer, address, NUMBERS);
    this.#fields = new Float64Array(buffer, address + FIELDS_AT, FIELDS.length);
  }

  /** Of the owner: lets helpers in. The one before must be closed. */
  open(pass: FirstPass): void {
    FIELDS.forEach((field, index) => {
      this.#fields[index] = pass[field];
    });
    Atomics.store(this.#state, NEXT, 0);
    Atomics.store(this.#state, INSIDE, OPEN);
    Atomics.add(this.#state, PASSES, 1);
    Atomics.notify(this.#state, PASSES);
  }

  /** The chunks that nobody else has taken, one by one. */
  *chunks(pass: FirstPass): Iterable<number> {
    const count = chunksOf(pass);
    for (;;) {
      const chunk = Atomics.add(this.#state, NEXT, 1);
      if (chunk >= count) return;
      yield chunk;
    }
  }

  /**
   * Of the owner: lets nobody in any more, and waits for those inside. False where one has failed, or
   * is still inside after `patienceMs`; the board is of no use any more then.
   */
  close(patienceMs: number): boolean {
    Atomics.and(this.#state, INSIDE, ~OPEN);
    const end = performance.now() + patienceMs;
    for (;;) {
      const inside = Atomics.load(this.#state, INSIDE);
      if (inside === 0) return Atomics.load(this.#state, FAILED) === 0;
      if (!this.#changes(INSIDE, inside, end - performance.now())) return false;
    }
  }

  /** Of the owner: wakes the helpers, for good. */
  dismiss(): void {
    Atomics.store(this.#state, OVER, 1);
    Atomics.add(this.#state, PASSES, 1);
    Atomics.notify(this.#state, PASSES);
  }

  /**
   * Of a helper: sleeps until there is a pass after number `last`, and helps with it unless it is done
   * by then. Returns its number, or null when the helper is dismissed.
   */
  help(last: number, work: (pass: FirstPass, chunk: number) => void): number | null {
    Atomics.wait(this.#state, PASSES, last);
    if (Atomics.load(this.#state, OVER) === 1) return null;
    const number = Atomics.load(this.#state, PASSES);
    if (!this.#enter()) return number;
    try {
      const pass = this.#read();
      for (const chunk of this.chunks(pass)) work(pass, chunk);
    } catch {
      Atomics.store(this.#state, FAILED, 1);
    }
    Atomics.sub(this.#state, INSIDE, 1);
    Atomics.notify(this.#state, INSIDE);
    return number;
  }

  #enter(): boolean {
    for (;;) {
      const inside = Atomics.load(this.#state, INSIDE);
      if ((inside & OPEN) === 0) return false;
      if (Atomics.compareExchange(this.#state, INSIDE, inside, inside + 1) === inside) return true;
    }
  }

  #read(): FirstPass {
    const [rows = 0, rowsPerChunk = 0, chunks = 0, words = 0, bits = 0, ...others] = this.#fields;
    const [query = 0, step = 0, top = 0, scale = 0, filter = 0] = others;
    return { rows, rowsPerChunk, chunks, words, bits, query, step, top, scale, filter };
  }

  /** Waits until a number is another; false if the time is over. */
  #changes(index: number, value: number, milliseconds: number): boolean {
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(this.#state, index) !== value) return true;
    }
    return Atomics.wait(this.#state, index, value, Math.max(0, milliseconds)) !== 'timed-out';
  }
}
