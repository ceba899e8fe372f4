/** Follows the items of a collection, for who keeps an index of them. */
import { Bitset } from '../../core/bitset';
import { Turns } from '../../core/turns';
import type { ItemRecord } from '../../protocol/store-contract';
import type { QueriedMemory } from './queried-memory';

/** Rows that are handed over at a time. */
const BLOCK_ROWS = 128;

/** A row's item, or null when it is dead. */
export type ItemChange = readonly [row: number, item: ItemRecord | null];

export class ItemChanges {
  /** Of the memory that was followed last; null before. */
  #generation: string | null = null;
  /** Where the log began: rows before that are packed, and were told. */
  #first = 0;
  /** Those of the packed rows that lived. */
  #live = new Bitset(0);
  /** Of the rows of the log: what was told of them. */
  #seen: (ItemRecord | null)[] = [];

  /** Whether rows have other numbers than before: what was told of them means nothing. */
  isRenumbered({ record }: QueriedMemory): boolean {
    return this.#generation !== record.generation;
  }

  /** Everything is to be told anew. */
  reset(): void {
    this.#generation = null;
    this.#first = 0;
    this.#live = new Bitset(0);
    this.#seen = [];
  }

  /**
   * Rows whose items are other than when they were told last, block by block, until there is none: who
   * has gone through all of them knows the memory as it is at that moment. Rejects with `storage`, and with
   * the signal's reason; what was told until then is not told again.
   */
  async *of(
    memory: QueriedMemory,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ItemChange[], void> {
    this.#generation = memory.record.generation;
    const turns = new Turns();
    yield this.#deaths(memory);
    while (this.#first < memory.log.first) {
      yield await this.#packedChanges(memory);
      await turns.next(signal);
    }
    // That of an older memory begins earlier.
    if (this.#first > memory.log.first) this.#seen = [];
    this.#first = memory.log.first;
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (let row = memory.log.first; row < memory.log.end;) {
        const { changes, next } = this.#logChanges(row, memory);
        row = next;
        if (changes.length === 0) continue;
        isChanged = true;
        yield changes;
        await turns.next(signal);
      }
    }
  }

  /** Packed rows that lived when they were told. */
  #deaths({ packed }: QueriedMemory): ItemChange[] {
    const live = packed?.live ?? new Bitset(0);
    const deaths: ItemChange[] = [];
    this.#live
      .resized(live.length)
      .difference(live)
      .forEach((row) => deaths.push([row, null]));
    this.#live = live;
    return deaths;
  }

  /** Of the next rows that were packed since. They may have been seen in the log, and changed there. */
  async #packedChanges(memory: QueriedMemory): Promise<ItemChange[]> {
    const count = Math.min(BLOCK_ROWS, memory.log.first - this.#first);
    const rows = Array.from({ length: count }, (_, index) => this.#first + index);
    const items = await memory.itemsAt(rows);
    const changes = rows.flatMap((row, index): ItemChange[] => {
      const item = items[index] ?? null;
      return isSame(this.#seen[index] ?? null, item) ? [] : [[row, item]];
    });
    this.#seen.splice(0, count);
    this.#first += count;
    return changes;
  }

  #logChanges(first: number, { log }: QueriedMemory): { changes: ItemChange[]; next: number } {
    const changes: ItemChange[] = [];
    let row = first;
    for (; row < log.end && changes.length < BLOCK_ROWS; row++) {
      // Items are replaced, never changed.
      const item = log.itemAt(row);
      if ((this.#seen[row - this.#first] ?? null) === item) continue;
      this.#seen[row - this.#first] = item;
      changes.push([row, item]);
    }
    return { changes, next: row };
  }
}

/** An item that was packed is another object, as a rule. */
function isSame(left: ItemRecord | null, right: ItemRecord | null): boolean {
  if (left === null || right === null) return left === right;
  return JSON.stringify(left) === JSON.stringify(right);
}
