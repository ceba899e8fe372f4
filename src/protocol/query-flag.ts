/**
 * How a query gets the processor while pictures are indexed: the page says in shared memory that one is
 * being encoded, and an image tower on own kernels stands still until it is done. A message would
 * come too late: the tower reads none while it computes.
 */

/** Index of: how many queries are being encoded; whether the image tower heeds that. */
const [QUERIES, HEEDED] = [0, 1] as const;

/** Far longer than a short query takes. Behind something longer, or many at once, indexing goes on. */
const PATIENCE_MS = 500;

export class QueryFlag {
  /** Two int32. */
  readonly buffer: SharedArrayBuffer;
  readonly #state: Int32Array;
  readonly #patienceMs: number;
  /** Waited in vain: not again until it is quiet. */
  #isImpatient = false;

  /** @param patienceMs how long {@link wait} blocks at most */
  constructor(buffer: SharedArrayBuffer, patienceMs = PATIENCE_MS) {
    this.buffer = buffer;
    this.#patienceMs = patienceMs;
    this.#state = new Int32Array(buffer);
  }

  /** Null where the page is not cross-origin isolated: there is no shared memory. */
  static create(): QueryFlag | null {
    return crossOriginIsolated ? new QueryFlag(new SharedArrayBuffer(8)) : null;
  }

  /** Of the page: raised while `work` lasts. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    Atomics.add(this.#state, QUERIES, 1);
    try {
      return await work();
    } finally {
      Atomics.sub(this.#state, QUERIES, 1);
      Atomics.notify(this.#state, QUERIES);
    }
  }

  /** Whether the image tower stands still meanwhile. */
  get heeded(): boolean {
    return Atomics.load(this.#state, HEEDED) === 1;
  }

  /** Of the image tower's worker. */
  set heeded(value: boolean) {
    Atomics.store(this.#state, HEEDED, value ? 1 : 0);
  }

  /** Of the image tower's worker: blocks its thread while a query is being encoded. */
  wait(): void {
    const end = performance.now() + this.#patienceMs;
    for (;;) {
      const queries = Atomics.load(this.#state, QUERIES);
      if (queries === 0) this.#isImpatient = false;
      if (queries === 0 || this.#isImpatient) return;
      // Woken by the end of one query it waits for the others, but no longer in all.
      const left = Math.max(0, end - performance.now());
      this.#isImpatient = Atomics.wait(this.#state, QUERIES, queries, left) === 'timed-out';
    }
  }
}
