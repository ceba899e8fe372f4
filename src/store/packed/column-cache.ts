/** Columns that filters used last, of all files of a collection. */
import type { Column } from './column';

/** A million rows take 1 MB for a field of few values, and up to 12 MB for one of as many numbers. */
const MOST_BYTES = 16 * 2 ** 20;

export class ColumnCache {
  /** The last used at the end. */
  readonly #columns = new Map<string, Column>();
  #bytes = 0;

  get(key: string): Column | null {
    const column = this.#columns.get(key);
    if (column === undefined) return null;
    this.#columns.delete(key);
    this.#columns.set(key, column);
    return column;
  }

  /** Of no effect if it is there, or larger than all room that there is. */
  set(key: string, column: Column): void {
    if (column.bytes > MOST_BYTES || this.#columns.has(key)) return;
    this.#columns.set(key, column);
    this.#bytes += column.bytes;
    for (const [oldest, { bytes }] of this.#columns) {
      if (this.#bytes <= MOST_BYTES) break;
      this.#columns.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}
