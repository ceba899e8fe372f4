/** Puts a change on disk, inside the transaction of its caller. */
import { encodeVectors } from '../core/vector-codec';
import type { StoredItem } from '../protocol/store-contract';
import type { Change, CollectionMemory } from './collection-memory';
import { ALL_STORES, keysOf, type CollectionRecord, type StoreTransaction } from './schema';
import { changedItems, changedVectors } from './segments';

/** Writes that another tab may miss and still catch up without reading everything. */
const JOURNAL_LENGTH = 64;

/** Pictures by the ids of their items; null deletes what was there. */
export type Pictures = ReadonlyMap<string, Pick<StoredItem, 'thumbnail' | 'original'>>;

/** Writes `change`, which starts from the state of `memory`, and `pictures`. */
export async function writeChange(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  change: Change,
  pictures: Pictures,
): Promise<void> {
  const { name, revision } = change.record;
  const items = changedItems(memory, change);
  const journal = transaction.objectStore('journal');
  await Promise.all([
    transaction.objectStore('collections').put(change.record),
    ...changedVectors(memory, change).map(({ index, value }) =>
      transaction.objectStore('vectors').put(value, [name, index]),
    ),
    ...items.map(({ index, value }) => transaction.objectStore('items').put(value, [name, index])),
    journal.put(
      items.map(({ index }) => index),
      [name, revision],
    ),
    journal.delete(IDBKeyRange.bound([name], [name, revision - JOURNAL_LENGTH])),
    ...writePictures(transaction, memory, name, pictures),
  ]);
}

/** Rewrites vectors and items without dead rows. Pictures stay as they are. */
export async function writeCompacted(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  record: CollectionRecord,
): Promise<void> {
  const { name, dimension, segmentRows } = record;
  const live = memory.liveRows();
  const [vectors, items] = [transaction.objectStore('vectors'), transaction.objectStore('items')];
  const writes: Promise<unknown>[] = [
    transaction.objectStore('collections').put(record),
    ...[vectors, items, transaction.objectStore('journal')].map((store) =>
      store.delete(keysOf(name)),
    ),
  ];
  for (let index = 0; index * segmentRows < live.length; index++) {
    const rows = live.slice(index * segmentRows, (index + 1) * segmentRows);
    const data = new Float32Array(rows.length * dimension);
    rows.forEach((row, place) => data.set(memory.slice(row, row + 1).vectors, place * dimension));
    writes.push(vectors.put(encodeVectors({ data, dimension }), [name, index]));
    const page = rows.map((row) => memory.itemAt(row));
    writes.push(items.put(page, [name, index]));
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

function writePictures(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  name: string,
  pictures: Pictures,
): Promise<unknown>[] {
  const writes: Promise<unknown>[] = [];
  for (const [id, { thumbnail, original }] of pictures) {
    for (const [store, picture] of [
      [transaction.objectStore('thumbnails'), thumbnail],
      [transaction.objectStore('originals'), original],
    ] as const) {
      if (picture !== null) writes.push(store.put(picture, [name, id]));
      else if (memory.has(id)) writes.push(store.delete([name, id]));
    }
  }
  return writes;
}
