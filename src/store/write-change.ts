/** Puts a change on disk, inside the transaction of its caller. */
import type { StoredItem } from '../protocol/store-contract';
import type { Change, CollectionMemory } from './collection-memory';
import { ALL_STORES, keysOf, type CollectionRecord, type StoreTransaction } from './schema';
import { packed, segmentsAfterAppend } from './segments';

/** Writes that another tab may miss and still catch up without reading everything. */
const JOURNAL_LENGTH = 64;

export type Pictures = Pick<StoredItem, 'thumbnail' | 'original'>;

/** Writes `change`, which starts from the state of `memory`, and the pictures of items put. */
export async function writeChange(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  change: Change,
  pictures: ReadonlyMap<string, Pictures>,
): Promise<void> {
  const { record, rows, items } = change;
  const collection = record.name;
  const segments = rows.ids.length === 0 ? [] : segmentsAfterAppend(memory, rows);
  const itemStore = transaction.objectStore('items');
  const writes: Promise<unknown>[] = [
    transaction.objectStore('collections').put(record),
    ...segments.map((segment) => transaction.objectStore('segments').put(segment)),
    ...writeJournal(transaction, record, [...items.keys()]),
  ];
  for (const [id, item] of items) {
    writes.push(
      item === null
        ? itemStore.delete([collection, id])
        : itemStore.put({ collection, id, meta: item.meta, fields: item.fields }),
    );
    for (const kind of ['thumbnail', 'original'] as const) {
      const store = transaction.objectStore(`${kind}s`);
      const picture = pictures.get(id)?.[kind];
      // An update leaves pictures alone; an item put again without one loses the old one.
      const isStale = item === null || (picture === null && memory.has(id));
      if (picture instanceof Blob) writes.push(store.put(picture, [collection, id]));
      else if (isStale) writes.push(store.delete([collection, id]));
    }
  }
  await Promise.all(writes);
}

/** Rewrites the segments without dead rows. Items and pictures stay as they are. */
export async function writeCompacted(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  record: CollectionRecord,
): Promise<void> {
  const segments = transaction.objectStore('segments');
  const live = memory.liveRows();
  const writes: Promise<unknown>[] = [
    transaction.objectStore('collections').put(record),
    segments.delete(keysOf(record.name)),
    transaction.objectStore('journal').delete(keysOf(record.name)),
  ];
  for (let first = 0; first < live.length; first += record.segmentRows) {
    const rows = memory.gather(live.slice(first, first + record.segmentRows));
    for (const segment of packed(record, first, rows)) writes.push(segments.put(segment));
  }
  await Promise.all(writes);
}

/** Deletes everything of a collection but its record, which becomes `record`; null deletes it too. */
export async function writeEmptied(
  transaction: StoreTransaction<'readwrite'>,
  name: string,
  record: CollectionRecord | null,
): Promise<void> {
  const collections = transaction.objectStore('collections');
  await Promise.all([
    record === null ? collections.delete(name) : collections.put(record),
    ...ALL_STORES.filter((store) => store !== 'collections').map((store) =>
      transaction.objectStore(store).delete(keysOf(name)),
    ),
  ]);
}

function writeJournal(
  transaction: StoreTransaction<'readwrite'>,
  { name, revision }: CollectionRecord,
  ids: readonly string[],
): Promise<unknown>[] {
  const journal = transaction.objectStore('journal');
  const old = IDBKeyRange.bound([name], [name, revision - JOURNAL_LENGTH]);
  return [journal.put({ collection: name, revision, ids }), journal.delete(old)];
}
