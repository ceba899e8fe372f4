/** Which names the rows of a collection have, in four bytes each: a hash, which says who may be the same. */
import { Bitset } from '../../core/bitset';
import { hashId } from '../packed/id-hash';

export class RowNames {
  readonly #hashes: Uint32Array;
  readonly #named: Bitset;
  #order: Uint32Array | null = null;

  constructor(rows: number) {
    this.#hashes = new Uint32Array(rows);
    this.#named = new Bitset(rows);
  }

  set(row: number, name: string): void {
    this.#hashes[row] = hashId(name);
    this.#named.add(row);
    this.#order = null;
  }

  /** Whether a row may have that name; no for certain, yes but for one of 4 billion names per row. */
  has(name: string): boolean {
    const hash = hashId(name);
    const order = this.#sorted();
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#hashAt(order, middle) < hash) low = middle + 1;
      else high = middle;
    }
    return low < order.length && this.#hashAt(order, low) === hash;
  }

  /** Rows that may have the same name, ascending. */
  *alike(): Generator<number[]> {
    const order = this.#sorted();
    for (let start = 0; start < order.length;) {
      let end = start + 1;
      while (end < order.length && this.#hashAt(order, end) === this.#hashAt(order, start)) end++;
      if (end - start > 1) yield [...order.subarray(start, end)];
      start = end;
    }
  }

  #hashAt(order: Uint32Array, place: number): number {
    return this.#hashes[order[place] ?? 0] ?? 0;
  }

  /** Named rows by their hash. */
  #sorted(): Uint32Array {
    if (this.#order !== null) return this.#order;
    const rows: number[] = [];
    this.#named.forEach((row) => rows.push(row));
    this.#order = Uint32Array.from(rows).sort(
      (left, right) => (this.#hashes[left] ?? 0) - (this.#hashes[right] ?? 0) || left - right,
    );
    return this.#order;
  }
}
