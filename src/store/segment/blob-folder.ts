/** Files as Blobs in a database, where there is no private file system to be had. */
import { PhotoglotError } from '../../errors';
import { toStorageError } from '../storage-error';
import { BlobFile } from './blob-file';
import { BlobPieces } from './blob-pieces';
import type { ReadableFile, SegmentFolder, WritableFile } from './segment-file';

/** Blobs by name. */
export interface BlobStore {
  get(name: string): Promise<Blob | undefined>;
  /** All of it or nothing; resolves when the disk has it. */
  put(name: string, blob: Blob): Promise<void>;
  delete(name: string): Promise<void>;
  keys(): Promise<readonly string[]>;
}

export class BlobFolder implements SegmentFolder {
  readonly #store: BlobStore;

  constructor(store: BlobStore) {
    this.#store = store;
  }

  create(name: string): Promise<WritableFile> {
    return Promise.resolve(new WrittenBlob(this.#store, name));
  }

  async open(name: string): Promise<ReadableFile> {
    const blob = await this.#store.get(name).catch(rethrow);
    if (blob !== undefined) return new BlobFile(blob);
    throw new PhotoglotError('not-found', `There is no stored segment "${name}".`);
  }

  names(): Promise<readonly string[]> {
    return this.#store.keys().catch(rethrow);
  }

  /** Who has it open can go on reading it. */
  remove(name: string): Promise<void> {
    return this.#store.delete(name).catch(rethrow);
  }
}

class WrittenBlob implements WritableFile {
  readonly #store: BlobStore;
  readonly #name: string;
  #pieces: BlobPieces | null = new BlobPieces();

  constructor(store: BlobStore, name: string) {
    this.#store = store;
    this.#name = name;
  }

  write(at: number, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#pieces === null) throw new Error('The file is closed.');
    this.#pieces.write(at, bytes);
  }

  flush(): void {
    // The database gets all of it at once.
  }

  async finish(): Promise<void> {
    if (this.#pieces === null) throw new Error('The file is closed.');
    const blob = this.#pieces.join();
    this.close();
    await this.#store.put(this.#name, blob).catch(rethrow);
  }

  close(): void {
    this.#pieces = null;
  }
}

function rethrow(thrown: unknown): never {
  throw toStorageError(thrown);
}
