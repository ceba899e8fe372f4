/** An open collection in memory: what a search needs, as of one revision. */
import { flatSearch } from '../core/flat-search';
import type { ScoreKernel } from '../core/kernel/score-kernel';
import { RowMatrix } from '../core/row-matrix';
import { PhotoglotError } from '../errors';
import type { ItemRecord, StoreHit, Meta } from '../protocol/store-contract';
import type { CollectionRecord } from './schema';

/** Rows to append, with the id of each. */
export interface NewRows {
  readonly ids: readonly string[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** What one or more writes changed. The same on disk and in memory. */
export interface Change {
  /** The collection's record after it. */
  readonly record: CollectionRecord;
  readonly rows: NewRows;
  /** The items that were touched, as they are after it; null for those that are gone. */
  readonly items: ReadonlyMap<string, ItemRecord | null>;
}

export class CollectionMemory {
  readonly #matrix: RowMatrix;
  #record: CollectionRecord;
  /** Per row: whose it is. */
  #ids: string[] = [];
  /** Per row: its item, or null when the row is dead. */
  #items: (ItemRecord | null)[] = [];
  readonly #rowOf = new Map<string, number>();
  /** Ids of appended rows whose items have not come yet; of several rows the last one counts. */
  readonly #unsettled = new Map<string, number>();

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

  has(id: string): boolean {
    return this.#rowOf.has(id);
  }

  get(id: string): ItemRecord | null {
    const row = this.#rowOf.get(id);
    return row === undefined ? null : (this.#items[row] ?? null);
  }

  vector(id: string): Float32Array<ArrayBuffer> | null {
    const row = this.#rowOf.get(id);
    return row === undefined ? null : this.#matrix.copy(row, row + 1);
  }

  /** In the order in which they were put. */
  ids(): string[] {
    return this.liveRows().map((row) => this.#ids[row] ?? '');
  }

  /** The rows that are not dead, ascending. */
  liveRows(): number[] {
    return [...this.#rowOf.values()].sort((left, right) => left - right);
  }

  /** Ids and vectors of rows `first` … `end − 1`. */
  slice(first: number, end: number): NewRows {
    return { ids: this.#ids.slice(first, end), data: this.#matrix.copy(first, end) };
  }

  /** Ids and vectors of any rows. */
  gather(rows: readonly number[]): NewRows {
    const { dimension } = this.#matrix;
    const data = new Float32Array(rows.length * dimension);
    rows.forEach((row, index) => data.set(this.#matrix.copy(row, row + 1), index * dimension));
    return { ids: rows.map((row) => this.#ids[row] ?? ''), data };
  }

  /** The best items for a unit vector, best first, among those whose meta `accept` accepts. */
  search(
    vector: Float32Array,
    limit: number,
    accept: ((meta: Meta) => boolean) | null,
  ): StoreHit[] {
    const isAllLive = this.count === this.rows;
    const filter = (row: number): boolean => {
      const item = this.#items[row] ?? null;
      return item !== null && (accept === null || accept(item.meta));
    };
    const best = flatSearch(
      this.#matrix,
      vector,
      limit,
      isAllLive && accept === null ? null : filter,
    );
    return best.flatMap(({ row, score }) => {
      const item = this.#items[row] ?? null;
      return item === null ? [] : [{ ...item, score }];
    });
  }

  /** Makes room, so that `apply` with so many rows cannot fail. Throws `too-large`. */
  reserve(moreRows: number): void {
    this.#matrix.reserve(moreRows);
  }

  /** Appends rows, which stay dead until `settle` brings their items. */
  appendRows({ ids, data }: NewRows): void {
    ids.forEach((id, index) => this.#unsettled.set(id, this.rows + index));
    this.#matrix.append(data);
    for (const id of ids) {
      this.#ids.push(id);
      this.#items.push(null);
    }
  }

  /** Takes over items: their rows are those appended since the last time, else where they were. */
  settle(record: CollectionRecord, items: Change['items']): void {
    for (const [id, item] of items) {
      const oldRow = this.#rowOf.get(id);
      if (oldRow !== undefined) this.#items[oldRow] = null;
      this.#rowOf.delete(id);
      if (item === null) continue;
      const row = this.#unsettled.get(id) ?? oldRow;
      if (row === undefined) throw new PhotoglotError('storage', `The item "${id}" has no vector.`);
      this.#items[row] = item;
      this.#rowOf.set(id, row);
    }
    this.#unsettled.clear();
    this.#record = record;
  }

  /** Brings the memory to the state after `change`, at once. */
  apply({ record, rows, items }: Change): void {
    this.appendRows(rows);
    this.settle(record, items);
  }

  /** Drops dead rows; `record` is the collection's after it. */
  compact(record: CollectionRecord): void {
    const live = this.liveRows();
    this.#matrix.keep(live);
    this.#ids = live.map((row) => this.#ids[row] ?? '');
    this.#items = live.map((row) => this.#items[row] ?? null);
    this.#ids.forEach((id, row) => this.#rowOf.set(id, row));
    this.#record = record;
  }
}
