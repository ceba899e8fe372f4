/** A stored collection as an import sees it. */
import type { RowTable } from '../exchange/add-rows';
import { checkRows } from './check-input';
import { planAdd } from './plans';
import type { StoredCollection } from './stored-collection';

/**
 * @param model that the rows are of
 * @param signal a write that waits for its turn when it fires is not begun
 */
export function tableOf(stored: StoredCollection, model: string, signal: AbortSignal): RowTable {
  return {
    add: (items, vectors) =>
      stored.writeOf(model, signal, async (memory) => {
        checkRows(items, vectors, memory.record.dimension);
        return planAdd(memory, items, vectors);
      }),
  };
}
