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

  /** The set of all rows 0 … `length − 1`. */
  static full(length: number): Bitset {
    const all = new Bitset(length);
    all.#words.fill(-1);
    return all.#withoutRest();
  }

  /** How many of the rows `first` … `end − 1` are in it. */
  count(first = 0, end = this.length): number {
    let sum = 0;
    for (let index = first >>> 5; index * WORD < end; index++) {
      let bits = this.#word(index);
      if (index === first >>> 5) bits &= -1 << (first & 31);
      if (end - index * WORD < WORD) bits &= ~(-1 << (end & 31));
      sum += bitsOf(bits);
    }
    return sum;
  }

  /** The same rows in a set of another length, as far as they are below it. */
  resized(length: number): Bitset {
    if (length === this.length) return this;
    const other = new Bitset(length);
    other.#words.set(this.#words.subarray(0, other.#words.length));
    return other.#withoutRest();
  }

  /** The rows of `first` … `end − 1` that are in it, numbered from 0. */
  slice(first: number, end: number): Bitset {
    const part = new Bitset(end - first);
    const [start, shift] = [first >>> 5, first & 31];
    for (let index = 0; index < part.#words.length; index++) {
      const low = this.#word(start + index) >>> shift;
      // A shift by 32 would be one by 0.
      part.#words[index] = low | ((this.#word(start + index + 1) << 1) << (31 - shift));
    }
    return part.#withoutRest();
  }

  /** Adds the rows of `other`, whose row 0 is `first` here. */
  addAll(other: Bitset, first: number): void {
    const [start, shift] = [first >>> 5, first & 31];
    other.#words.forEach((word, index) => {
      this.#words[start + index] = this.#word(start + index) | (word << shift);
      const high = (word >>> 1) >>> (31 - shift);
      if (high !== 0) this.#words[start + index + 1] = this.#word(start + index + 1) | high;
    });
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

  /**
   * The rows of it whose code is marked. Without a call per row, which would take 4 ns: a million rows take
   * 1 ms.
   * @param codes one per row
   * @param marks per code 1 or 0
   */
  withCodes(codes: Uint8Array | Uint16Array | Uint32Array, marks: Uint8Array): Bitset {
    const marked = new Bitset(this.length);
    for (let index = 0; index < this.#words.length; index++) {
      const bits = this.#word(index);
      if (bits === 0) continue;
      let kept = 0;
      for (let place = 0; place < WORD; place++) {
        kept |= (marks[codes[index * WORD + place] ?? 0] ?? 0) << place;
      }
      marked.#words[index] = kept & bits;
    }
    return marked;
  }

  /** Clears the bits from `length` on. */
  #withoutRest(): this {
    const last = this.#words.length - 1;
    if (this.length % WORD > 0) this.#words[last] = this.#word(last) & ~(-1 << (this.length & 31));
    return this;
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }
}

/** How many bits of a word are set: sums of neighbours, of two, four and eight bits (Warren, Hacker's Delight, §5-1). */
function bitsOf(word: number): number {
  let sums = word - ((word >>> 1) & 0x5555_5555);
  sums = (sums & 0x3333_3333) + ((sums >>> 2) & 0x3333_3333);
  sums = (sums + (sums >>> 4)) & 0x0f0f_0f0f;
  return Math.imul(sums, 0x0101_0101) >>> 24;
}
