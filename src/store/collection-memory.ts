/** An open collection in memory: what a search needs, as of one revision. */
import { flatSearch } from '../core/flat-search';
import type { ScoreKernel } from '../core/kernel/score-kernel';
import { RowMatrix } from '../core/row-matrix';
import type { Detail, ItemRecord, StoreHit } from '../protocol/store-contract';
import type { CollectionRecord, ItemPage } from './schema';
import { EVERYTHING, type Filter } from './where/filter';
import { RecentSelections } from './where/recent-selections';

/** What one or more writes changed. The same on disk and in memory. */
export interface Change {
  /** The collection's record after it. */
  readonly record: CollectionRecord;
  /** Rows that are appended. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /**
   * Rows whose item changed, with the item they hold now; null for a dead row. Where an id moves,
   * its old row comes before its new one.
   */
  readonly items: ReadonlyMap<number, ItemRecord | null>;
}

export class CollectionMemory {
  readonly #matrix: RowMatrix;
  #record: CollectionRecord;
  /** Per row: its item, or null when the row is dead. */
  #items: (ItemRecord | null)[] = [];
  readonly #rowOf = new Map<string, number>();
  /** Of the items as they are. */
  readonly #selections = new RecentSelections();

  /** An empty memory, to be filled by `apply`. */
  constructor(kernel: ScoreKernel, record: CollectionRecord) {
    this.#matrix = new RowMatrix(kernel, record.dimension);
    this.#record = record;
  }

  get record(): CollectionRecord {
    return this.#record;
  }

  /** Items. */
  get count(): number {
    return this.#rowOf.size;
  }

  /** Rows, dead ones included. */
  get rows(): number {
    return this.#matrix.count;
  }

  rowOf(id: string): number | undefined {
    return this.#rowOf.get(id);
  }

  has(id: string): boolean {
    return this.#rowOf.has(id);
  }

  /** Null when there is no such item. */
  detailOf(id: string): Detail | null {
    const item = this.get(id);
    return item === null ? null : item.rough === true ? 'rough' : 'full';
  }

  get(id: string): ItemRecord | null {
    const row = this.#rowOf.get(id);
    return row === undefined ? null : this.itemAt(row);
  }

  /** Null for a row that is dead or not there. */
  itemAt(row: number): ItemRecord | null {
    return this.#items[row] ?? null;
  }

  vector(id: string): Float32Array<ArrayBuffer> | null {
    const row = this.#rowOf.get(id);
    return row === undefined ? null : this.#matrix.copy(row, row + 1);
  }

  /** In the order in which they were put. */
  ids(): string[] {
    return this.#items.flatMap((item) => item?.id ?? []);
  }

  /** The rows that are not dead, ascending. */
  liveRows(): number[] {
    return this.#items.flatMap((item, row) => (item === null ? [] : row));
  }

  /** Items and vectors of rows `first` … `end − 1`, as far as there are any. */
  slice(first: number, end: number): { items: ItemPage; vectors: Float32Array<ArrayBuffer> } {
    const last = Math.min(end, this.rows);
    return { items: this.#items.slice(first, last), vectors: this.#matrix.copy(first, last) };
  }

  /** The best items for a unit vector, best first, among those that `filter` selects; null for all. */
  search(vector: Float32Array, limit: number, filter: Filter | null): StoreHit[] {
    const isEveryRow = filter === null && this.count === this.rows;
    const rows = isEveryRow ? null : this.#selections.select(filter ?? EVERYTHING, this.#items);
    const best = flatSearch(this.#matrix, vector, limit, rows);
    return best.flatMap(({ row, score }) => {
      const item = this.itemAt(row);
      return item === null ? [] : { ...item, score };
    });
  }

  /** Makes room, so that `apply` with so many rows cannot fail. Throws `too-large`. */
  reserve(moreRows: number): void {
    this.#matrix.reserve(moreRows);
  }

  /** Brings the memory to the state after `change`, at once. */
  apply({ record, vectors, items }: Change): void {
    this.#selections.clear();
    this.#matrix.append(vectors);
    while (this.#items.length < this.#matrix.count) this.#items.push(null);
    for (const [row, item] of items) {
      const old = this.itemAt(row);
      if (old !== null) this.#rowOf.delete(old.id);
      this.#items[row] = item;
      if (item !== null) this.#rowOf.set(item.id, row);
    }
    this.#record = record;
  }

  /** Drops dead rows; `record` is the collection's after it. */
  compact(record: CollectionRecord): void {
    this.#selections.clear();
    const live = this.liveRows();
    this.#matrix.keep(live);
    this.#items = live.map((row) => this.itemAt(row));
    this.#items.forEach((item, row) => {
      if (item !== null) this.#rowOf.set(item.id, row);
    });
    this.#record = record;
  }
}
