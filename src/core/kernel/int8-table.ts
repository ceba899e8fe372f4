/** Rows of signed bytes in the memory of a kernel: layout and scores are those of `codes/int8-code.ts`. */
import type { Int8Codes } from '../codes/int8-code';
import type { ScoredRow } from '../top-k';
import { BestScan } from './best-scan';
import { checkLength } from './check-length';
import type { CodeKernel } from './code-kernel';
import { RowChunks } from './row-chunks';
import type { RowSelection } from './row-selection';

/** Places of the columns. */
const [CODES, SCALES] = [0, 1] as const;
/** The kernels read so many bytes at once. */
const STEP = 16;

/** One scan at a time. Rows are padded to a multiple of 16 bytes. */
export class Int8Table {
  readonly #kernel: CodeKernel;
  readonly #dimension: number;
  /** Bytes of a row. */
  readonly #size: number;
  readonly #rows: RowChunks;
  readonly #scan: BestScan;
  readonly #query: number;

  /** Throws `too-large` where there is no memory. @param dimension at most 65,536 */
  constructor(kernel: CodeKernel, dimension: number) {
    this.#kernel = kernel;
    this.#dimension = dimension;
    this.#size = Math.ceil(dimension / STEP) * STEP;
    this.#rows = new RowChunks(kernel.memory, [this.#size, 4]);
    this.#scan = new BestScan(kernel, this.#rows);
    this.#query = kernel.memory.take(this.#size);
  }

  get count(): number {
    return this.#rows.count;
  }

  /**
   * Adds the first `count` rows of `rows` at the end. Throws `dimension-mismatch` where there are
   * fewer, and `too-large`; the table has the rows of before then.
   */
  append(rows: Int8Codes, count: number): void {
    const codes = rows.codes.subarray(0, count * this.#dimension);
    const scales = rows.scales.subarray(0, count);
    checkLength('codes', codes, count * this.#dimension);
    checkLength('scales', scales, count);
    this.#rows.append(count, [this.#padded(codes, count), scales]);
  }

  /**
   * The best `limit` rows (at least 1) by `scale · scales[row] · Σ query · code`, best first; of equal
   * scores the lower row. The sum is exact. Throws `invalid-input`, `dimension-mismatch`.
   * @param query [dimension] in −127…127
   */
  best(query: Int8Array, scale: number, limit: number, selection: RowSelection): ScoredRow[] {
    checkLength('numbers of the query', query, this.#dimension);
    const { memory, int8Scores } = this.#kernel;
    new Int8Array(memory.buffer, this.#query, query.length).set(query);
    return this.#scan.best(limit, selection, ({ columns }, from, to, list, first, scores) => {
      const [codes, scales] = [columns[CODES] ?? 0, columns[SCALES] ?? 0];
      const rows = [from, to, list, first, codes, this.#size, scales] as const;
      int8Scores(...rows, this.#query, scale, scores);
    });
  }

  #padded(codes: Int8Array, count: number): Int8Array {
    const [size, dimension] = [this.#size, this.#dimension];
    if (size === dimension) return codes;
    const padded = new Int8Array(count * size);
    for (let row = 0; row < count; row++) {
      padded.set(codes.subarray(row * dimension, (row + 1) * dimension), row * size);
    }
    return padded;
  }
}
