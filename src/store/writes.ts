/** What a write puts and deletes, as data: prepared before its transaction, which waits for nothing else. */
import {
  keysOf,
  PART_STORES,
  type CollectionRecord,
  type PartStoreName,
  type StoreName,
  type StoreSchema,
  type StoreTransaction,
} from './schema';

/** One value under its key. */
export interface PutOf<Store extends PartStoreName> {
  readonly store: Store;
  readonly key: StoreSchema[Store]['key'];
  readonly value: StoreSchema[Store]['value'];
}

export type Put = { readonly [Store in PartStoreName]: PutOf<Store> }[PartStoreName];

export interface Deletion {
  readonly store: PartStoreName;
  readonly keys: IDBKeyRange | StoreSchema[PartStoreName]['key'];
}

/** Deletes first, then puts. */
export interface Writes {
  readonly deletions: readonly Deletion[];
  readonly puts: readonly Put[];
}

/** The object stores that the writes touch, and that of the records. */
export function storesOf({ deletions, puts }: Writes): StoreName[] {
  return [
    ...new Set<StoreName>(['collections', ...[...deletions, ...puts].map(({ store }) => store)]),
  ];
}

/** Writes values without a record: nobody sees them yet. */
export async function putAll(
  transaction: StoreTransaction<'readwrite'>,
  puts: readonly Put[],
): Promise<void> {
  await Promise.all(puts.map((each) => put(transaction, each)));
}

/** Writes the record, or deletes it, and all else. */
export async function commitWrites(
  transaction: StoreTransaction<'readwrite'>,
  name: string,
  record: CollectionRecord | null,
  { deletions, puts }: Writes,
): Promise<void> {
  const collections = transaction.objectStore('collections');
  await Promise.all([
    record === null ? collections.delete(name) : collections.put(record),
    ...deletions.map(({ store, keys }) =>
      transaction.objectStore(store).delete(keys as IDBKeyRange),
    ),
    putAll(transaction, puts),
  ]);
}

function put<Store extends PartStoreName>(
  transaction: StoreTransaction<'readwrite'>,
  { store, key, value }: PutOf<Store>,
): Promise<unknown> {
  return transaction.objectStore(store).put(value, key);
}

/** Deletes all whose keys start with `parts`. */
export async function deleteParts(
  transaction: StoreTransaction<'readwrite'>,
  parts: string,
): Promise<void> {
  await Promise.all(
    PART_STORES.map((store) => transaction.objectStore(store).delete(keysOf(parts))),
  );
}
