/**
 * The database, and how it came to be. A collection is spread over object stores by how its parts
 * are used: vectors packed, as every search needs all of them; pictures apart, as almost none do. Of a
 * large one most rows lie in packed files beside the database; those in it are its log.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { CollectionIdentity, ItemRecord } from '../protocol/store-contract';
import type { KeyRecord } from './sealed/key-record';

export const DATABASE_NAME = 'photoglot-store';

/** What is known of a collection without reading it. Every write replaces it. */
export interface CollectionRecord extends CollectionIdentity {
  /** Items; rows that were replaced or deleted do not count. */
  readonly count: number;
  /** Vectors, dead ones included. */
  readonly rows: number;
  /** Rows per segment of the log; the last segment may hold fewer. */
  readonly segmentRows: number;
  /** Goes up by one with every write. */
  readonly revision: number;
  /** Replaced when rows change their numbers: rows known from another generation mean nothing. */
  readonly generation: string;
  /** Replaced when all that it holds is. @default none: it was never emptied */
  readonly incarnation?: string;
  /** What the keys of its parts start with. @default its name */
  readonly storedAs?: string;
  /** Packed files, in the order of their rows, which come before those of the log. @default none */
  readonly files?: readonly StoredFile[];
  /** Number of the log's first segment. @default 0 */
  readonly firstSegment?: number;
  /** Goes up by one when rows move to other files, with all that they are. @default 0 */
  readonly layout?: number;
  /** Its values are sealed (sealed/sealed-form.ts) under this key. @default they are plain */
  readonly encryption?: KeyRecord;
}

/** A packed file of a collection. */
export interface StoredFile {
  readonly name: string;
  readonly rows: number;
}

/** As long as it is the same, so is what the collection holds. */
export type CollectionState = Pick<CollectionRecord, 'incarnation' | 'revision'>;

export function isSameState(left: CollectionState, right: CollectionState): boolean {
  return left.incarnation === right.incarnation && left.revision === right.revision;
}

/** Whether rows of both are in the same files and segments. */
export function isSamePlace(left: CollectionRecord, right: CollectionRecord): boolean {
  return left.generation === right.generation && layoutOf(left) === layoutOf(right);
}

/** Whether nothing was written to the collection in between, and none of its rows moved. */
export function isSameRecord(left: CollectionRecord, right: CollectionRecord): boolean {
  return isSameState(left, right) && isSamePlace(left, right);
}

export function layoutOf({ layout = 0 }: CollectionRecord): number {
  return layout;
}

export function filesOf({ files = [] }: CollectionRecord): readonly StoredFile[] {
  return files;
}

/** How many rows lie in packed files: the number of the log's first row. */
export function packedRowsOf(record: CollectionRecord): number {
  return filesOf(record).reduce((sum, { rows }) => sum + rows, 0);
}

/** The log's segments: the numbers of the first, and of the first that is not there yet. */
export function segmentsOf(record: CollectionRecord): {
  readonly first: number;
  readonly end: number;
} {
  const { rows, segmentRows, firstSegment: first = 0 } = record;
  return { first, end: first + Math.ceil((rows - packedRowsOf(record)) / segmentRows) };
}

/** The number of a segment's first row. */
export function firstRowOf(record: CollectionRecord, segment: number): number {
  return packedRowsOf(record) + (segment - segmentsOf(record).first) * record.segmentRows;
}

/** What the keys of a collection's segments, journal and pictures start with. */
export function partsOf({ name, storedAs = name }: CollectionRecord): string {
  return storedAs;
}

/**
 * What the rows of one segment hold: per row its item, or null when the row is dead. Items are
 * packed like vectors, since reading thousands of small records takes many times as long.
 */
export type ItemPage = readonly (ItemRecord | null)[];

/** In the journal for rows of packed files that died. */
export const PACKED_ROWS = -1;

/** Keys start with the collection's name, or with what its record says instead. */
export interface StoreSchema extends DBSchema {
  collections: { key: string; value: CollectionRecord };
  /** `[parts, segment]` → vectors as of core/vector-codec.ts. */
  vectors: { key: [string, number]; value: ArrayBuffer };
  /** `[parts, segment]`; bytes where they are sealed. */
  items: { key: [string, number]; value: ItemPage | ArrayBuffer };
  /** `[parts, revision]` → the segments that the write touched, or {@link PACKED_ROWS}: another tab can catch up. */
  journal: { key: [string, number]; value: readonly number[] };
  /** `[parts, id]`, or what stands for the id where they are sealed. */
  thumbnails: { key: [string, string]; value: Blob };
  /** As for thumbnails. */
  originals: { key: [string, string]; value: Blob };
  /** `[parts, id]` → token weights as of signals/lexical-codec.ts. */
  sparse: { key: [string, string]; value: ArrayBuffer };
  /** `[parts, id]` → token vectors as of signals/token-codec.ts. */
  tokens: { key: [string, string]; value: ArrayBuffer };
  /** `[parts, file]` → a bit per row of a packed file, set for dead ones; none where all live. */
  deaths: { key: [string, string]; value: Uint8Array<ArrayBuffer> };
  /** `name` → a packed file, where the browser has no better place for it. */
  packs: { key: string; value: Blob };
}

export type StoreName =
  | 'collections'
  | 'vectors'
  | 'items'
  | 'journal'
  | 'thumbnails'
  | 'originals'
  | 'sparse'
  | 'tokens'
  | 'deaths'
  | 'packs';
export type StoreDatabase = IDBPDatabase<StoreSchema>;
export type StoreTransaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  StoreSchema,
  StoreName[],
  Mode
>;

/** What models say of items' texts beside vectors. */
export type SignalStoreName = 'sparse' | 'tokens';

/** Stores whose keys start with what begins those of a collection's parts. */
export type PartStoreName = Exclude<StoreName, 'collections' | 'packs'>;

export const PART_STORES: readonly PartStoreName[] = [
  'vectors',
  'items',
  'journal',
  'thumbnails',
  'originals',
  'sparse',
  'tokens',
  'deaths',
];
/** What a collection is read from. */
export const ROW_STORES: StoreName[] = ['collections', 'vectors', 'items', 'journal', 'deaths'];
/** What a write may touch. */
export const WRITE_STORES: StoreName[] = ['collections', ...PART_STORES];

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
  (database) => {
    // Records may name packed files now.
    database.createObjectStore('deaths');
    database.createObjectStore('packs');
    database.createObjectStore('sparse');
    database.createObjectStore('tokens');
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
