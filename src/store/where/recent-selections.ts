import type { Bitset } from '../../core/bitset';
import type { ItemRecord } from '../../protocol/store-contract';
import type { Filter } from './filter';
import { selectRows } from './select-rows';

/** A bit per row each: 1 MB in all for a million rows. */
const MOST = 8;

/**
 * What the last few filters selected, so that typing and paging with the same filter evaluates it
 * once. To be cleared when the items change.
 */
export class RecentSelections {
  /** By the filter's JSON; the last used at the end. */
  readonly #selections = new Map<string, Bitset>();

  /** As {@link selectRows}. */
  select(filter: Filter, items: readonly (ItemRecord | null)[]): Bitset {
    const key = JSON.stringify(filter);
    const selection = this.#selections.get(key) ?? selectRows(filter, items);
    this.#selections.delete(key);
    this.#selections.set(key, selection);
    const [oldest] = this.#selections.keys();
    if (this.#selections.size > MOST && oldest !== undefined) this.#selections.delete(oldest);
    return selection;
  }

  clear(): void {
    this.#selections.clear();
  }
}
