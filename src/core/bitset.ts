/** A set of rows, one bit each. */

const WORD = 32;

/** Which of the rows 0 … `length − 1` are in it. Built with `add`; the other methods change nothing. */
export class Bitset {
  readonly length: number;
  /** For kernels: row `i` is bit `i & 7` of byte `i >> 3`; bits from `length` on are 0. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same bits by 32; all that runs WASM is little-endian. */
  readonly #words: Uint32Array<ArrayBuffer>;

  /** An empty set of rows 0 … `length − 1`. */
  constructor(length: number) {
    this.length = length;
    this.#words = new Uint32Array(Math.ceil(length / WORD));
    this.bytes = new Uint8Array(this.#words.buffer, 0, Math.ceil(length / 8));
  }

  /** `row` must be one of 0 … `length − 1`. */
  add(row: number): void {
    this.#words[row >>> 5] = this.#word(row >>> 5) | (1 << (row & 31));
  }

  has(row: number): boolean {
    return (this.#word(row >>> 5) & (1 << (row & 31))) !== 0;
  }

  /** The rows that are not in `other`, a set of the same length. */
  difference(other: Bitset): Bitset {
    const rest = new Bitset(this.length);
    for (let index = 0; index < this.#words.length; index++) {
      rest.#words[index] = this.#word(index) & ~other.#word(index);
    }
    return rest;
  }

  /** Calls `visit` with the rows of `first` … `end − 1` that are in the set, ascending. */
  forEach(visit: (row: number) => void, first = 0, end = this.length): void {
    const last = Math.min(end, this.length);
    for (let start = first - (first & 31); start < last; start += WORD) {
      let bits = this.#word(start >>> 5);
      if (start < first) bits &= -1 << (first & 31);
      if (last - start < WORD) bits &= ~(-1 << (last & 31));
      while (bits !== 0) {
        const lowest = bits & -bits;
        visit(start + 31 - Math.clz32(lowest));
        bits ^= lowest;
      }
    }
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }
}
