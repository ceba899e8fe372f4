/** Rows of float32 in the memory of a kernel. */
import type { ScoredRow } from '../top-k';
import { BestScan } from './best-scan';
import { checkLength } from './check-length';
import type { CodeKernel } from './code-kernel';
import { RowChunks } from './row-chunks';
import type { RowSelection } from './row-selection';

/** One scan at a time. */
export class FloatTable {
  readonly #kernel: CodeKernel;
  readonly #dimension: number;
  readonly #rows: RowChunks;
  readonly #scan: BestScan;
  readonly #query: number;

  /** Throws `too-large` where there is no memory. */
  constructor(kernel: CodeKernel, dimension: number) {
    this.#kernel = kernel;
    this.#dimension = dimension;
    this.#rows = new RowChunks(kernel.memory, [4 * dimension]);
    this.#scan = new BestScan(kernel, this.#rows);
    this.#query = kernel.memory.take(4 * dimension);
  }

  get count(): number {
    return this.#rows.count;
  }

  /**
   * Adds rows at the end. Throws `dimension-mismatch` and `too-large`, and has the rows of before then.
   * @param rows [rows, dimension]
   */
  append(rows: Float32Array): void {
    const count = Math.floor(rows.length / this.#dimension);
    checkLength('numbers', rows, count * this.#dimension);
    this.#rows.append(count, [rows]);
  }

  /**
   * The best `limit` rows (at least 1) by dot product with `query` [dimension], best first; of equal
   * scores the lower row, and NaN never. Throws `invalid-input`, `dimension-mismatch`.
   */
  best(query: Float32Array, limit: number, selection: RowSelection): ScoredRow[] {
    checkLength('numbers of the query', query, this.#dimension);
    const { memory, floatScores } = this.#kernel;
    memory.floats(this.#query, query.length).set(query);
    return this.#scan.best(
      limit,
      selection,
      ({ columns: [rows = 0] }, from, to, list, first, scores) => {
        floatScores(from, to, list, first, rows, this.#dimension, this.#query, scores);
      },
    );
  }
}
