/** A stored collection as an import sees it. */
import type { RowTable } from '../exchange/add-rows';
import { checkRows } from './check-input';
import { planPut } from './plans';
import type { StoredCollection } from './stored-collection';

/** @param signal a write that waits for its turn when it fires is not begun */
export function tableOf(stored: StoredCollection, signal: AbortSignal): RowTable {
  return {
    async known(ids) {
      const memory = await stored.current();
      return new Set(ids.filter((id) => memory.has(id)));
    },
    put: (items, vectors) =>
      stored.write(signal, (memory) => {
        checkRows(items, vectors, memory.record.dimension);
        return planPut(memory, items, vectors);
      }),
  };
}
