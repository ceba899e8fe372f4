/** Which models are kept, and of which files they consist. */
import type { CachedModel, Integrity } from '../protocol/delivery-contract';
import type { FileShelf } from './file-shelf';

/** A model that is kept, completely or in part. */
export interface ModelRecord {
  /** Address of its manifest, or the identity of a list of files. */
  readonly key: string;
  readonly id: string;
  readonly version: string;
  /** The manifest's text as it was served, with its detached signature; null for a list of files. */
  readonly manifest: { readonly text: string; readonly signature: string | null } | null;
  /** Name in the manifest → key of the file. Only files that were asked for. */
  readonly files: Readonly<Record<string, string>>;
  readonly integrity: Integrity;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly usedAt: number;
}

/** IndexedDB, or memory where nothing may be kept. Everything rejects with `storage` or `quota-exceeded`. */
export interface ModelStorage extends FileShelf {
  /** Whether what is kept outlives the page. */
  readonly persistent: boolean;
  /** Names who shares what is kept: all tabs, or the worker alone. */
  readonly scope: string;
  readModel(key: string): Promise<ModelRecord | null>;
  /**
   * Adds or replaces a model. Files that no model refers to any more, those of an older version
   * say, are dropped in the same transaction.
   */
  writeModel(record: ModelRecord): Promise<void>;
  /** Notes that the model is used now. */
  touchModel(key: string, usedAt: number): Promise<void>;
  /** Drops a model, and the files that only it referred to. False when there is none. */
  deleteModel(key: string): Promise<boolean>;
  /** Most recently used first. */
  listModels(): Promise<readonly CachedModel[]>;
  /**
   * The digest of the first complete download of a file whose digest nobody published, also when
   * the file was evicted since; null where there was none.
   */
  knownDigest(key: string): Promise<string | null>;
  /** The next download of files whose keys begin so may bring anything again. */
  forgetDigests(prefix: string): Promise<void>;
  /** Lets go of the database; a later call opens it again. */
  close(): void;
}
