/** Records under a collection's keys that its own record does not know of. */
import type { Database } from '../database';
import { filesOf, partsOf, segmentsOf, type CollectionRecord } from '../schema';
import type { Deletion } from '../writes';

/** What deletes them, and how many there are. */
export interface LeftoverRecords {
  readonly deletions: readonly Deletion[];
  readonly count: number;
}

export async function findLeftovers(
  database: Database,
  record: CollectionRecord,
): Promise<LeftoverRecords> {
  const parts = partsOf(record);
  const { first, end } = segmentsOf(record);
  const deletions: Deletion[] = [];
  let count = 0;
  for (const store of ['vectors', 'items'] as const) {
    for (const keys of [
      IDBKeyRange.bound([parts], [parts, first], true, true),
      IDBKeyRange.bound([parts, end], [parts, []]),
    ]) {
      const found = await database.query((opened) => opened.count(store, keys));
      if (found > 0) deletions.push({ store, keys });
      count += found;
    }
  }
  const names = new Set(filesOf(record).map(({ name }) => name));
  const keys = IDBKeyRange.bound([parts], [parts, []]);
  const deaths = await database.query((opened) => opened.getAllKeys('deaths', keys));
  for (const key of deaths) {
    if (names.has(key[1])) continue;
    deletions.push({ store: 'deaths', keys: key });
    count++;
  }
  return { deletions, count };
}
