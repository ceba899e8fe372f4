import type { Bitset } from '../../core/bitset';
import type { ItemRecord } from '../../protocol/store-contract';
import type { RowHit } from '../row-hit';
import type { CollectionRecord } from '../schema';
import type { Filter } from '../where/filter';

/** What queries need of a collection in memory. Methods may reject with `storage`. */
export interface QueriedMemory {
  readonly record: CollectionRecord;
  /** The rows before those of the log; null without any. */
  readonly packed: {
    /** Those of them that are not dead; replaced, never changed. */
    readonly live: Bitset;
  } | null;
  /** The rows `first` … `end − 1`, whose items are at hand. */
  readonly log: {
    readonly first: number;
    readonly end: number;
    /** Null for a dead row. */
    itemAt(row: number): ItemRecord | null;
  };
  /** The best rows for a unit vector, best first, among those that `filter` selects; null for all. */
  search(vector: Float32Array, limit: number, filter: Filter | null): Promise<RowHit[]>;
  /** The rows that live and that `filter` selects; null for all. */
  select(filter: Filter | null): Promise<Bitset>;
  /** The items of rows, in the order of these; null for dead ones. */
  itemsAt(rows: readonly number[]): Promise<(ItemRecord | null)[]>;
  /** The vectors of rows, in the order of these. */
  vectors(rows: readonly number[]): Promise<Float32Array<ArrayBuffer>[]>;
}
