/** The rows of a collection that lie in packed files: which of them are dead, and how to find the others. */
import { Bitset } from '../core/bitset';
import { searchDepth } from '../core/codes/search-policy';
import { Recent } from '../core/recent';
import type { ItemRecord } from '../protocol/store-contract';
import type { Codebook } from './packed/codebook';
import type { HeldRows, PackedRows } from './packed/packed-rows';
import type { RowHit } from './row-hit';
import type { Shared } from './shared';
import { KEPT_SELECTIONS, type Filter } from './where/filter';

/** A row that lives, and what it is. */
export interface FoundRow {
  readonly row: number;
  readonly item: ItemRecord;
}

export class PackedMemory {
  readonly rows: number;
  /** Its first `rows` rows are meant; others may have come to it. */
  readonly shared: Shared<PackedRows>;
  /** Replaced, never changed: who searches goes on with that of when it began. */
  #live: Bitset;
  #count: number;
  /** By the filter's JSON, of the rows as they are. */
  readonly #selections = new Recent<Promise<Bitset>>(KEPT_SELECTIONS);

  /**
   * @param shared released by {@link release}
   * @param dead of so many rows
   */
  constructor(shared: Shared<PackedRows>, dead: Bitset) {
    this.shared = shared;
    this.rows = dead.length;
    this.#live = Bitset.full(dead.length).difference(dead);
    this.#count = this.#live.count();
  }

  /** Rows that are not dead. */
  get count(): number {
    return this.#count;
  }

  /** What the codes of all rows have in common. */
  get codebook(): Codebook {
    return this.shared.value.codebook;
  }

  /** The rows that are not dead, as they are now. */
  get live(): Bitset {
    return this.#live;
  }

  /** The rows of these ids, as far as they are there. Rejects with `storage`. */
  async find(ids: readonly string[]): Promise<ReadonlyMap<string, FoundRow>> {
    const live = this.#live;
    const candidates = await this.shared.value.find(ids);
    const rowOf = new Map<string, number>();
    for (const [id, rows] of candidates) {
      const row = rows.find((each) => each < this.rows && live.has(each));
      if (row !== undefined) rowOf.set(id, row);
    }
    const rows = Uint32Array.from(rowOf.values()).sort();
    const found = new Map<string, FoundRow>();
    (await this.items(rows)).forEach((item, index) => {
      if (item !== null) found.set(item.id, { row: rows[index] ?? 0, item });
    });
    return found;
  }

  /**
   * The items of ascending rows, as many; null for one that died and of which nothing is left: files may
   * be written anew meanwhile. Rejects with `storage`.
   */
  items(rows: Uint32Array): Promise<(ItemRecord | null)[]> {
    return this.shared.value.items(rows);
  }

  /** The rows as they lie now, whatever becomes of them. To be released. */
  hold(): HeldRows {
    return this.shared.value.hold();
  }

  /** The vectors of ascending rows, one behind the other. Rejects with `storage`. */
  vectors(rows: Uint32Array): Promise<Float32Array<ArrayBuffer>> {
    return this.shared.value.vectors(rows);
  }

  /** The best rows for a unit vector, best first, among those that `filter` selects; null for all. */
  async search(vector: Float32Array, limit: number, filter: Filter | null): Promise<RowHit[]> {
    const packed = this.shared.value;
    const live = this.#live;
    // Rows that came to what is shared, since, are of the log to whoever has this memory.
    const isAll = filter === null && this.#count === packed.count;
    const selected = filter === null ? live : await this.#select(filter, live);
    const eligible = filter === null ? this.#count : selected.count();
    if (eligible === 0) return [];
    const best = await packed.search(vector, {
      limit,
      depth: searchDepth(eligible, limit),
      filter: isAll ? null : selected.resized(packed.count).bytes,
    });
    const rows = Uint32Array.from(best, ({ row }) => row).sort();
    const items = await packed.items(rows);
    const itemOf = new Map(items.map((item, index) => [rows[index], item]));
    return best.flatMap(({ row, score }) => {
      const item = itemOf.get(row) ?? null;
      return item === null ? [] : { row, score, item };
    });
  }

  /** The rows that are not dead and that `filter` selects; null for all. Rejects with `storage`. */
  async select(filter: Filter | null): Promise<Bitset> {
    const live = this.#live;
    return filter === null ? live : (await this.#select(filter, live)).resized(this.rows);
  }

  /** These rows die. */
  kill(rows: readonly number[]): void {
    if (rows.length === 0) return;
    const dying = new Bitset(this.rows);
    for (const row of rows) dying.add(row);
    this.#live = this.#live.difference(dying);
    this.#count = this.#live.count();
    this.#selections.clear();
  }

  /** The same rows for one more user. */
  copy(): PackedMemory {
    return new PackedMemory(this.shared.retain(), Bitset.full(this.rows).difference(this.#live));
  }

  release(): void {
    this.shared.release();
  }

  /** Those of `live` that the filter selects. */
  async #select(filter: Filter, live: Bitset): Promise<Bitset> {
    const packed = this.shared.value;
    const key = JSON.stringify(filter);
    const selecting = this.#selections.get(key, () =>
      packed.select(filter, live.resized(packed.count)),
    );
    try {
      return await selecting;
    } catch (thrown) {
      this.#selections.forget(key, selecting);
      throw thrown;
    }
  }
}
