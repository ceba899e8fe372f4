import type { Database } from './database';
import { isSameRecord, type CollectionRecord } from './schema';
import { commitWrites, storesOf, type Writes } from './writes';

/** Commits a write if the collection's record is still `before`; whether it did. */
export function commitIfSame(
  database: Database,
  before: CollectionRecord,
  after: CollectionRecord,
  writes: Writes,
): Promise<boolean> {
  const { name } = before;
  return database.transact('readwrite', storesOf(writes), async (transaction) => {
    const current = await transaction.objectStore('collections').get(name);
    if (current === undefined || !isSameRecord(current, before)) return false;
    await commitWrites(transaction, name, after, writes);
    return true;
  });
}
