/** The rows of a collection that lie in no packed file, in memory: vectors as they are, items as objects. */
import type { Bitset } from '../core/bitset';
import { flatSearch } from '../core/flat-search';
import type { ScoreKernel } from '../core/kernel/score-kernel';
import { Recent } from '../core/recent';
import { RowMatrix } from '../core/row-matrix';
import type { ItemRecord } from '../protocol/store-contract';
import type { RowHit } from './row-hit';
import type { ItemPage } from './schema';
import { EVERYTHING, KEPT_SELECTIONS, type Filter } from './where/filter';
import { selectRows } from './where/select-rows';

/** Rows that are copied at a time, as all of them would be in memory three times. */
const COPIED_ROWS = 512;

export class LogMemory {
  /** The number of its first row. */
  readonly first: number;
  readonly #kernel: ScoreKernel;
  readonly #matrix: RowMatrix;
  /** Per row: its item, or null when the row is dead. */
  #items: (ItemRecord | null)[] = [];
  readonly #rowOf = new Map<string, number>();
  /** By the filter's JSON, of the items as they are. */
  readonly #selections = new Recent<Bitset>(KEPT_SELECTIONS);

  /** An empty one. */
  constructor(kernel: ScoreKernel, dimension: number, first: number) {
    this.first = first;
    this.#kernel = kernel;
    this.#matrix = new RowMatrix(kernel, dimension);
  }

  /** The number behind that of the last row. */
  get end(): number {
    return this.first + this.#matrix.count;
  }

  /** Rows that are not dead. */
  get count(): number {
    return this.#rowOf.size;
  }

  rowOf(id: string): number | undefined {
    return this.#rowOf.get(id);
  }

  /** Null for a row that is dead or not there. */
  itemAt(row: number): ItemRecord | null {
    return this.#items[row - this.first] ?? null;
  }

  /** The rows that are not dead, ascending. */
  liveRows(): number[] {
    return this.#items.flatMap((item, index) => (item === null ? [] : this.first + index));
  }

  get dimension(): number {
    return this.#matrix.dimension;
  }

  /** Items of rows `first` … `end − 1`, as far as there are any; null for dead ones. */
  items(first: number, end: number): ItemPage {
    return this.#items.slice(first - this.first, end - this.first);
  }

  /** Items and vectors of rows `first` … `end − 1`, as far as there are any. */
  slice(first: number, end: number): { items: ItemPage; vectors: Float32Array<ArrayBuffer> } {
    const [from, to] = [first - this.first, Math.min(end, this.end) - this.first];
    return { items: this.items(first, end), vectors: this.#matrix.copy(from, to) };
  }

  /** The best rows for a unit vector, best first, among those that `filter` selects; null for all. */
  search(vector: Float32Array, limit: number, filter: Filter | null): RowHit[] {
    const isAll = filter === null && this.count === this.#matrix.count;
    const rows = isAll ? null : this.select(filter);
    return flatSearch(this.#matrix, vector, limit, rows).flatMap(({ row: index, score }) => {
      const row = this.first + index;
      const item = this.itemAt(row);
      return item === null ? [] : { row, score, item };
    });
  }

  /** Makes room, so that `apply` with so many rows cannot fail. Throws `too-large`. */
  reserve(moreRows: number): void {
    this.#matrix.reserve(moreRows);
  }

  /**
   * Appends rows and changes items, at once.
   * @param items of rows of the log; where an id moves, its old row comes before its new one
   */
  apply(vectors: Float32Array, items: Iterable<readonly [number, ItemRecord | null]>): void {
    this.#selections.clear();
    this.#matrix.append(vectors);
    while (this.#items.length < this.#matrix.count) this.#items.push(null);
    for (const [row, item] of items) {
      const old = this.itemAt(row);
      if (old !== null) this.#rowOf.delete(old.id);
      this.#items[row - this.first] = item;
      if (item !== null) this.#rowOf.set(item.id, row);
    }
  }

  /** Another log of the rows from `row` on, which keep their numbers. Throws `too-large`. */
  startingAt(row: number): LogMemory {
    const rest = new LogMemory(this.#kernel, this.#matrix.dimension, row);
    rest.reserve(Math.max(0, this.end - row));
    for (let first = row; first < this.end; first += COPIED_ROWS) {
      const { items, vectors } = this.slice(first, first + COPIED_ROWS);
      rest.apply(
        vectors,
        items.map((item, index) => [first + index, item] as const),
      );
    }
    return rest;
  }

  /** Another log without the dead rows, numbered anew from the same first row. */
  compacted(): LogMemory {
    const live = this.liveRows();
    const compact = new LogMemory(this.#kernel, this.#matrix.dimension, this.first);
    compact.reserve(live.length);
    live.forEach((row, index) => {
      const { vectors } = this.slice(row, row + 1);
      compact.apply(vectors, [[this.first + index, this.itemAt(row)]]);
    });
    return compact;
  }

  /** The rows that are not dead and that `filter` selects, from 0 as the first; null for all. */
  select(filter: Filter | null): Bitset {
    const select = (): Bitset => selectRows(filter ?? EVERYTHING, this.#items);
    return this.#selections.get(JSON.stringify(filter ?? EVERYTHING), select);
  }
}
