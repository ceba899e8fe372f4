/**
 * Whether reads and writes of one value by many are linearizable: each is as if it had happened at one
 * moment between its start and its end. Told by its consequence for reads, which is enough here: none
 * returns a value that was surely replaced before it began.
 */

interface Span {
  readonly start: number;
  /** Infinity while it has not ended, or when nobody knows what became of it. */
  readonly end: number;
}

export class RegisterHistory {
  #clock = 0;
  readonly #writes = new Map<string, Span>();
  readonly problems: string[] = [];

  /** Notes a write of a value that no other write has, from now until `writing` resolves. */
  async write(value: string, writing: () => Promise<unknown>): Promise<void> {
    const start = this.#clock++;
    this.#writes.set(value, { start, end: Infinity });
    await writing();
    this.#writes.set(value, { start, end: this.#clock++ });
  }

  /** Notes a read; null for no value yet. */
  async read(reading: () => Promise<string | null>): Promise<void> {
    const start = this.#clock++;
    const value = await reading();
    // Before a value was written at all: as if by a write that ended at once.
    const written = value === null ? { start: -1, end: -1 } : this.#writes.get(value);
    if (written === undefined) {
      this.problems.push(`${String(value)} was read, but never written`);
      return;
    }
    for (const [later, span] of this.#writes) {
      if (span.start > written.end && span.end < start) {
        this.problems.push(`${String(value)} was read after ${later} had taken its place`);
        return;
      }
    }
  }
}
