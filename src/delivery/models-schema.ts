/**
 * The database of models, and how it came to be. A file lies in chunks, each a record of its own,
 * so that a download that breaks off loses one chunk at most, and adding one rewrites no other.
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
import type { StoredFile } from './file-shelf';
import { carryOverVersion1, type VersionChange } from './models-version-1';
import type { ModelRecord } from './model-storage';

export const MODELS_DATABASE_NAME = 'photoglot-models';

export interface ModelsSchema extends DBSchema {
  /** `ModelRecord.key` → which files make up a model. */
  models: { key: string; value: ModelRecord };
  /** `StoredFile.key` → what is kept of a file. */
  contents: { key: string; value: StoredFile };
  /** `[StoredFile.key, index]` → the bytes. */
  chunks: { key: [string, number]; value: Blob };
  /** `StoredFile.key` of a file without a published digest → what its first download brought. */
  digests: { key: string; value: string };
}

export type ModelsStoreName = 'models' | 'contents' | 'chunks' | 'digests';
export type ModelsDatabase = IDBPDatabase<ModelsSchema>;
export type ModelsTransaction<Mode extends IDBTransactionMode> = IDBPTransaction<
  ModelsSchema,
  ModelsStoreName[],
  Mode
>;

export const ALL_MODEL_STORES: readonly ModelsStoreName[] = ['models', 'contents', 'chunks'];

/** Step `n` brings a database from version `n` to `n + 1`; the number of steps is the version. */
const MIGRATIONS: readonly ((change: VersionChange, isKept: boolean) => Promise<void>)[] = [
  ({ db }) => {
    // SHA-256 → Blob, and URL → manifest.
    db.createObjectStore('files');
    db.createObjectStore('manifests');
    return Promise.resolve();
  },
  async (change, isKept) => {
    const { db } = change;
    for (const name of [...ALL_MODEL_STORES, 'digests']) db.createObjectStore(name);
    if (isKept) await carryOverVersion1(change);
    db.deleteObjectStore('files');
    db.deleteObjectStore('manifests');
  },
];

export const MODELS_DATABASE_VERSION = MIGRATIONS.length;

/**
 * Runs the steps that a database of `oldVersion` lacks, inside its version change.
 *
 * @param isKept whether what older versions hold is carried over; else it is dropped
 */
export async function migrateModels(
  change: VersionChange,
  oldVersion: number,
  isKept: boolean,
): Promise<void> {
  for (const step of MIGRATIONS.slice(oldVersion)) await step(change, isKept);
}

/** Keys of all chunks of a file. An array sorts after every number. */
export function chunkKeysOf(fileKey: string): IDBKeyRange {
  return IDBKeyRange.bound([fileKey], [fileKey, []]);
}
