/** Puts a change on disk, inside the transaction of its caller. */
import { encodeVectors } from '../core/vector-codec';
import type { StoredItem } from '../protocol/store-contract';
import type { Change, CollectionMemory } from './collection-memory';
import {
  ALL_STORES,
  keysOf,
  partsOf,
  type CollectionRecord,
  type StoreTransaction,
} from './schema';
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
  const { revision } = change.record;
  const parts = partsOf(change.record);
  const items = changedItems(memory, change);
  const journal = transaction.objectStore('journal');
  await Promise.all([
    transaction.objectStore('collections').put(change.record),
    ...changedVectors(memory, change).map(({ index, value }) =>
      transaction.objectStore('vectors').put(value, [parts, index]),
    ),
    ...items.map(({ index, value }) => transaction.objectStore('items').put(value, [parts, index])),
    journal.put(
      items.map(({ index }) => index),
      [parts, revision],
    ),
    journal.delete(IDBKeyRange.bound([parts], [parts, revision - JOURNAL_LENGTH])),
    ...writePictures(transaction, memory, parts, pictures),
  ]);
}

/** Rewrites vectors and items without dead rows. Pictures stay as they are. */
export async function writeCompacted(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  record: CollectionRecord,
): Promise<void> {
  const { dimension, segmentRows } = record;
  const parts = partsOf(record);
  const live = memory.liveRows();
  const [vectors, items] = [transaction.objectStore('vectors'), transaction.objectStore('items')];
  const writes: Promise<unknown>[] = [
    transaction.objectStore('collections').put(record),
    ...[vectors, items, transaction.objectStore('journal')].map((store) =>
      store.delete(keysOf(parts)),
    ),
  ];
  for (let index = 0; index * segmentRows < live.length; index++) {
    const rows = live.slice(index * segmentRows, (index + 1) * segmentRows);
    const data = new Float32Array(rows.length * dimension);
    rows.forEach((row, place) => data.set(memory.slice(row, row + 1).vectors, place * dimension));
    writes.push(vectors.put(encodeVectors({ data, dimension }), [parts, index]));
    const page = rows.map((row) => memory.itemAt(row));
    writes.push(items.put(page, [parts, index]));
  }
  await Promise.all(writes);
}

/** Deletes everything of a collection but its record, which becomes `after`; null deletes it too. */
export async function writeEmptied(
  transaction: StoreTransaction<'readwrite'>,
  record: CollectionRecord,
  after: CollectionRecord | null,
): Promise<void> {
  const collections = transaction.objectStore('collections');
  await Promise.all([
    after === null ? collections.delete(record.name) : collections.put(after),
    deleteParts(transaction, partsOf(record)),
  ]);
}

/** Deletes all segments and pictures whose keys start with `parts`. */
export async function deleteParts(
  transaction: StoreTransaction<'readwrite'>,
  parts: string,
): Promise<void> {
  await Promise.all(
    ALL_STORES.filter((store) => store !== 'collections').map((store) =>
      transaction.objectStore(store).delete(keysOf(parts)),
    ),
  );
}

function writePictures(
  transaction: StoreTransaction<'readwrite'>,
  memory: CollectionMemory,
  parts: string,
  pictures: Pictures,
): Promise<unknown>[] {
  const writes: Promise<unknown>[] = [];
  for (const [id, { thumbnail, original }] of pictures) {
    for (const [store, picture] of [
      [transaction.objectStore('thumbnails'), thumbnail],
      [transaction.objectStore('originals'), original],
    ] as const) {
      if (picture !== null) writes.push(store.put(picture, [parts, id]));
      else if (memory.has(id)) writes.push(store.delete([parts, id]));
    }
  }
  return writes;
}
