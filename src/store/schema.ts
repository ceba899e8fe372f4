/**
 * The database, and how it came to be. A collection is spread over object stores by how its parts
 * are used: vectors packed, as every search needs all of them; pictures apart, as almost none do.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { CollectionIdentity, ItemRecord } from '../protocol/store-contract';

export const DATABASE_NAME = 'photoglot-store';

/** What is known of a collection without reading it. Every write replaces it. */
export interface CollectionRecord extends CollectionIdentity {
  /** Items; rows that were replaced or deleted do not count. */
  readonly count: number;
  /** Vectors, dead ones included. */
  readonly rows: number;
  /** Rows per segment; the last segment may hold fewer. */
  readonly segmentRows: number;
  /** Goes up by one with every write. */
  readonly revision: number;
  /** Replaced when rows change their places: rows known from another generation mean nothing. */
  readonly generation: string;
  /** What the keys of its parts start with. @default its name */
  readonly storedAs?: string;
}

/** As long as it is the same, so is what the collection holds. */
export type CollectionState = Pick<CollectionRecord, 'generation' | 'revision'>;

/** What the keys of a collection's segments, journal and pictures start with. */
export function partsOf({ name, storedAs = name }: CollectionRecord): string {
  return storedAs;
}

/**
 * What the rows of one segment hold: per row its item, or null when the row is dead. Items are
 * packed like vectors, since reading thousands of small records takes many times as long.
 */
export type ItemPage = readonly (ItemRecord | null)[];

/**
 * Keys start with the collection's name, or with what its record says instead; segments and pages are
 * numbered from 0.
 */
export interface StoreSchema extends DBSchema {
  collections: { key: string; value: CollectionRecord };
  /** `[parts, segment]` → vectors as of core/vector-codec.ts. */
  vectors: { key: [string, number]; value: ArrayBuffer };
  /** `[parts, segment]`. */
  items: { key: [string, number]; value: ItemPage };
  /** `[parts, revision]` → the segments that the write touched: another tab can catch up. */
  journal: { key: [string, number]; value: readonly number[] };
  /** `[parts, id]`. */
  thumbnails: { key: [string, string]; value: Blob };
  /** `[parts, id]`. */
  originals: { key: [string, string]; value: Blob };
}

export type StoreName =
  'collections' | 'vectors' | 'items' | 'journal' | 'thumbnails' | 'originals';
export type StoreDatabase = IDBPDatabase<StoreSchema>;
export type StoreTransaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  StoreSchema,
  StoreName[],
  Mode
>;

/** What a collection is read from. */
export const VECTOR_STORES: StoreName[] = ['collections', 'vectors', 'items', 'journal'];
export const ALL_STORES: StoreName[] = [...VECTOR_STORES, 'thumbnails', 'originals'];

/** Step `n` brings a database from version `n` to `n + 1`; the number of steps is the version. */
const MIGRATIONS: readonly ((database: StoreDatabase) => void)[] = [
  (database) => {
    database.createObjectStore('collections', { keyPath: 'name' });
    database.createObjectStore('vectors');
    database.createObjectStore('items');
    database.createObjectStore('journal');
    database.createObjectStore('thumbnails');
    database.createObjectStore('originals');
  },
  () => {
    // Nothing to change. Records may say `storedAs` now, which releases before this do not heed.
  },
];

export const DATABASE_VERSION = MIGRATIONS.length;

/** Runs the steps that a database of `oldVersion` lacks, inside its version change. */
export function migrate(database: StoreDatabase, oldVersion: number): void {
  for (const step of MIGRATIONS.slice(oldVersion)) step(database);
}

/** All keys `[parts, …]`. An array sorts after every string, number and date. */
export function keysOf(parts: string): IDBKeyRange {
  return IDBKeyRange.bound([parts], [parts, []]);
}
