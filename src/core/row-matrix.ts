/** Rows of one dimension in the memory of a kernel: appended, read, scored. */
import { BLOCK_ROWS, type RowMemory, type ScoreKernel } from './kernel/score-kernel';

export class RowMatrix {
  readonly dimension: number;
  readonly #memory: RowMemory;
  #count = 0;

  constructor(kernel: ScoreKernel, dimension: number) {
    this.dimension = dimension;
    this.#memory = kernel.allocate(dimension);
  }

  get count(): number {
    return this.#count;
  }

  /** Makes room, so that an `append` of so many rows cannot fail. Throws `too-large`. */
  reserve(moreRows: number): void {
    this.#memory.reserve(this.#count + moreRows);
  }

  /** Adds whole rows at the end: `data` holds a multiple of `dimension` numbers. */
  append(data: Float32Array): void {
    const added = data.length / this.dimension;
    this.#memory.reserve(this.#count + added).set(data, this.#count * this.dimension);
    this.#count += added;
  }

  /** A copy of rows `first` … `end − 1`. */
  copy(first: number, end: number): Float32Array<ArrayBuffer> {
    return this.#memory.reserve(this.#count).slice(first * this.dimension, end * this.dimension);
  }

  /** Keeps the rows with these ascending indices, moved together in order, and drops the rest. */
  keep(indices: readonly number[]): void {
    const numbers = this.#memory.reserve(this.#count);
    indices.forEach((from, to) => {
      if (from !== to) {
        const start = from * this.dimension;
        numbers.copyWithin(to * this.dimension, start, start + this.dimension);
      }
    });
    this.#count = indices.length;
  }

  /** Calls `visit` with the scores of block after block of rows; they are valid only during it. */
  score(query: Float32Array, visit: (scores: Float32Array, firstRow: number) => void): void {
    for (let first = 0; first < this.#count; first += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, this.#count - first);
      visit(this.#memory.score(query, first, count), first);
    }
  }
}
