/**
 * The database, and how it came to be. A collection is spread over object stores by how its parts
 * are used: vectors packed, as every search needs all of them; pictures apart, as almost none do.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { CollectionIdentity, Meta, TextFields } from '../protocol/store-contract';

export const DATABASE_NAME = 'photoglot-store';

/** What is known of a collection without reading it. Every write replaces it. */
export interface CollectionRecord extends CollectionIdentity {
  /** Items; rows that were replaced or deleted do not count. */
  readonly count: number;
  /** Vectors in the segments, dead ones included. */
  readonly rows: number;
  /** Vectors per segment; the last segment may hold fewer. */
  readonly segmentRows: number;
  /** Goes up by one with every write. */
  readonly revision: number;
  /** Replaced when rows change their places: rows known from another generation mean nothing. */
  readonly generation: string;
}

/** Consecutive vectors and whose they are. Of several rows with one id the last one counts. */
export interface SegmentRecord {
  readonly collection: string;
  readonly index: number;
  readonly ids: readonly string[];
  /** See core/vector-codec.ts. */
  readonly vectors: ArrayBuffer;
}

/** A row whose id has no such record is dead. */
export interface ItemEntry {
  readonly collection: string;
  readonly id: string;
  readonly meta: Meta;
  readonly fields: TextFields;
}

/** Which items a write touched; lets another tab catch up without reading everything. */
export interface JournalRecord {
  readonly collection: string;
  readonly revision: number;
  readonly ids: readonly string[];
}

export interface StoreSchema extends DBSchema {
  collections: { key: string; value: CollectionRecord };
  segments: { key: [string, number]; value: SegmentRecord };
  items: { key: [string, string]; value: ItemEntry };
  journal: { key: [string, number]; value: JournalRecord };
  thumbnails: { key: [string, string]; value: Blob };
  originals: { key: [string, string]; value: Blob };
}

export type StoreName =
  'collections' | 'segments' | 'items' | 'journal' | 'thumbnails' | 'originals';
export type StoreDatabase = IDBPDatabase<StoreSchema>;
export type StoreTransaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  StoreSchema,
  StoreName[],
  Mode
>;

/** What a collection is read from. */
export const VECTOR_STORES: StoreName[] = ['collections', 'segments', 'items', 'journal'];
export const ALL_STORES: StoreName[] = [...VECTOR_STORES, 'thumbnails', 'originals'];

/** Step `n` brings a database from version `n` to `n + 1`; the number of steps is the version. */
const MIGRATIONS: readonly ((database: StoreDatabase) => void)[] = [
  (database) => {
    database.createObjectStore('collections', { keyPath: 'name' });
    database.createObjectStore('segments', { keyPath: ['collection', 'index'] });
    database.createObjectStore('items', { keyPath: ['collection', 'id'] });
    database.createObjectStore('journal', { keyPath: ['collection', 'revision'] });
    database.createObjectStore('thumbnails');
    database.createObjectStore('originals');
  },
];

export const DATABASE_VERSION = MIGRATIONS.length;

/** Runs the steps that a database of `oldVersion` lacks, inside its version change. */
export function migrate(database: StoreDatabase, oldVersion: number): void {
  for (const step of MIGRATIONS.slice(oldVersion)) step(database);
}

/** All keys `[collection, …]`. An array sorts after every string, number and date. */
export function keysOf(collection: string): IDBKeyRange {
  return IDBKeyRange.bound([collection], [collection, []]);
}
