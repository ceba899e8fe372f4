/** Rows of items in memory, of which the first may count as packed, as queries see a collection. */
import { Bitset } from '../../../core/bitset';
import { dotProduct } from '../../../core/dot-product';
import { normalise } from '../../../core/normalise';
import type { ItemRecord } from '../../../protocol/store-contract';
import type { RowHit } from '../../row-hit';
import type { CollectionRecord } from '../../schema';
import type { Filter } from '../../where/filter';
import { selectRows } from '../../where/select-rows';
import type { QueriedMemory } from '../queried-memory';

export class ItemRows implements QueriedMemory {
  record: CollectionRecord = {
    name: 'c',
    dimension: 2,
    model: 'm',
    count: 0,
    rows: 0,
    segmentRows: 512,
    revision: 0,
    generation: 'first',
  };
  items: (ItemRecord | null)[] = [];
  readonly #vectors: Float32Array<ArrayBuffer>[] = [];
  /** How often the items of packed rows were read. */
  reads = 0;
  get packed(): { readonly live: Bitset } | null {
    return this.log.first === 0 ? null : { live: this.#select(null).resized(this.log.first) };
  }
  readonly log = {
    first: 0,
    end: 0,
    itemAt: (row: number): ItemRecord | null => this.items[row] ?? null,
  };

  /** @param degrees where its unit vector points */
  put(item: ItemRecord, degrees = 0): void {
    const angle = (degrees * Math.PI) / 180;
    const vector = normalise(Float32Array.of(Math.cos(angle), Math.sin(angle)));
    this.items.push(item);
    this.#vectors.push(vector ?? new Float32Array(2));
    this.log.end++;
    this.changed();
  }

  changed(): void {
    this.record = { ...this.record, revision: this.record.revision + 1 };
  }

  search(vector: Float32Array, limit: number, filter: Filter | null): Promise<RowHit[]> {
    const rows = this.#select(filter);
    const hits = this.items.flatMap((item, row): RowHit[] => {
      const own = this.#vectors[row] ?? new Float32Array(2);
      return item === null || !rows.has(row)
        ? []
        : [{ row, item, score: dotProduct(vector, 0, own, 0, 2) }];
    });
    const best = hits.sort((left, right) => right.score - left.score || left.row - right.row);
    return Promise.resolve(best.slice(0, limit));
  }

  select(filter: Filter | null): Promise<Bitset> {
    return Promise.resolve(this.#select(filter));
  }

  itemsAt(rows: readonly number[]): Promise<(ItemRecord | null)[]> {
    this.reads += rows.filter((row) => row < this.log.first).length;
    return Promise.resolve(rows.map((row) => this.items[row] ?? null));
  }

  vectors(rows: readonly number[]): Promise<Float32Array<ArrayBuffer>[]> {
    return Promise.resolve(rows.map((row) => this.#vectors[row] ?? new Float32Array(2)));
  }

  #select(filter: Filter | null): Bitset {
    return selectRows(filter ?? { kind: 'all', parts: [] }, this.items);
  }
}
