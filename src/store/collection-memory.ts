/** An open collection in memory: what a search needs, as of one revision. */
import { Bitset } from '../core/bitset';
import type { ScoreKernel } from '../core/kernel/score-kernel';
import type { Detail, ItemRecord } from '../protocol/store-contract';
import { LogMemory } from './log-memory';
import type { FoundRow, PackedMemory } from './packed-memory';
import { mergeHits, type RowHit } from './row-hit';
import { packedRowsOf, type CollectionRecord } from './schema';
import type { Filter } from './where/filter';

/** What one or more writes changed. The same on disk and in memory. */
export interface Change {
  /** The collection's record after it. */
  readonly record: CollectionRecord;
  /** Rows that are appended. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /**
   * Rows whose item changed, with the item they hold now; null for a dead row, the only change that
   * there is for a packed one. Where an id moves, its old row comes before its new one.
   */
  readonly items: ReadonlyMap<number, ItemRecord | null>;
}

/** Read without waiting, or within {@link CollectionMemory.retain}: its files are closed afterwards. */
export class CollectionMemory {
  #record: CollectionRecord;
  readonly log: LogMemory;
  readonly packed: PackedMemory | null;
  #users = 1;

  /** @param packed null without packed files; released with this memory */
  constructor(record: CollectionRecord, log: LogMemory, packed: PackedMemory | null) {
    this.#record = record;
    this.log = log;
    this.packed = packed;
  }

  /** With an empty log, to be filled by `apply`. */
  static empty(
    kernel: ScoreKernel,
    record: CollectionRecord,
    packed: PackedMemory | null = null,
  ): CollectionMemory {
    const log = new LogMemory(kernel, record.dimension, packedRowsOf(record));
    return new CollectionMemory(record, log, packed);
  }

  get record(): CollectionRecord {
    return this.#record;
  }

  /** Items. */
  get count(): number {
    return this.log.count + (this.packed?.count ?? 0);
  }

  /** Rows, dead ones included. */
  get rows(): number {
    return this.log.end;
  }

  /** The items of these ids, and where they are, as far as they are there. Rejects with `storage`. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, FoundRow>> {
    const found = new Map<string, FoundRow>();
    const others: string[] = [];
    for (const id of ids) {
      const row = this.log.rowOf(id);
      const item = row === undefined ? null : this.log.itemAt(row);
      if (row === undefined || item === null) others.push(id);
      else found.set(id, { row, item });
    }
    if (this.packed === null || others.length === 0) return found;
    return new Map([...found, ...(await this.packed.find(others))]);
  }

  /** In order; null where there is no such item. Rejects with `storage`. */
  async details(ids: readonly string[]): Promise<(Detail | null)[]> {
    const found = await this.find(ids);
    return ids.map((id) => {
      const item = found.get(id)?.item;
      return item === undefined ? null : item.rough === true ? 'rough' : 'full';
    });
  }

  /** Rejects with `storage`. */
  async get(id: string): Promise<ItemRecord | null> {
    return (await this.find([id])).get(id)?.item ?? null;
  }

  /** Rejects with `storage`. */
  async vector(id: string): Promise<Float32Array<ArrayBuffer> | null> {
    const row = (await this.find([id])).get(id)?.row;
    return row === undefined ? null : ((await this.vectors([row]))[0] ?? null);
  }

  /** The vectors of rows, in the order of these. Rejects with `storage`. */
  async vectors(rows: readonly number[]): Promise<Float32Array<ArrayBuffer>[]> {
    const vectorOf = new Map<number, Float32Array<ArrayBuffer>>();
    const { dimension } = this.#record;
    for (const row of rows) {
      if (row >= this.log.first) vectorOf.set(row, this.log.slice(row, row + 1).vectors);
    }
    const packed = Uint32Array.from(rows.filter((row) => row < this.log.first)).sort();
    if (this.packed !== null && packed.length > 0) {
      const found = await this.packed.vectors(packed);
      packed.forEach((row, index) => {
        vectorOf.set(row, found.slice(index * dimension, (index + 1) * dimension));
      });
    }
    return rows.map((row) => vectorOf.get(row) ?? new Float32Array(dimension));
  }

  /** The items of rows, in the order of these; null for dead ones. Rejects with `storage`. */
  async itemsAt(rows: readonly number[]): Promise<(ItemRecord | null)[]> {
    const live = rows.filter((row) => row < this.log.first && this.isLive(row));
    const packed = Uint32Array.from(live).sort();
    const items = packed.length === 0 ? [] : ((await this.packed?.items(packed)) ?? []);
    const itemOf = new Map(items.map((item, index) => [packed[index], item]));
    return rows.map((row) => itemOf.get(row) ?? this.log.itemAt(row));
  }

  /** The rows that live and that `filter` selects; null for all. Rejects with `storage`. */
  async select(filter: Filter | null): Promise<Bitset> {
    const packed = (await this.packed?.select(filter)) ?? new Bitset(0);
    const rows = packed.resized(this.rows);
    const { first } = this.log;
    this.log.select(filter).forEach((row) => {
      rows.add(first + row);
    });
    return rows;
  }

  /** Whether the row's item is there. */
  isLive(row: number): boolean {
    if (row >= this.log.first) return this.log.itemAt(row) !== null;
    return this.packed?.live.has(row) ?? false;
  }

  /**
   * The best rows for a unit vector, best first, among those that `filter` selects; null for all. What is
   * written while it reads is not in the result. Rejects with `storage`.
   */
  async search(vector: Float32Array, limit: number, filter: Filter | null): Promise<RowHit[]> {
    const log = this.log.search(vector, limit, filter);
    if (this.packed === null) return log;
    return mergeHits([await this.packed.search(vector, limit, filter), log], limit);
  }

  /** Makes room, so that `apply` with so many rows cannot fail. Throws `too-large`. */
  reserve(moreRows: number): void {
    this.log.reserve(moreRows);
  }

  /** Brings the memory to the state after `change`, at once. */
  apply({ record, vectors, items }: Change): void {
    const changed = [...items];
    this.packed?.kill(changed.flatMap(([row]) => (row < this.log.first ? row : [])));
    this.log.apply(
      vectors,
      changed.filter(([row]) => row >= this.log.first),
    );
    this.#record = record;
  }

  /** The same collection after its log lost its dead rows; takes the place of this one. */
  compacted(record: CollectionRecord): CollectionMemory {
    return new CollectionMemory(record, this.log.compacted(), this.packed?.copy() ?? null);
  }

  /** Keeps the files open until the returned function is called. */
  retain(): () => void {
    this.#users++;
    return () => {
      this.release();
    };
  }

  /** To be called once by who made it, when it is of no more use to him. */
  release(): void {
    this.#users--;
    if (this.#users === 0) this.packed?.release();
  }
}
