/**
 * Files in the origin private file system, from a worker. They are read through synchronous access
 * handles where several tabs may have one of the same file (`mode: 'read-only'`, Chromium 121 and
 * later); elsewhere such a handle would shut the other tabs out, so there a file is read as a Blob.
 */
import { inTime } from '../../core/in-time';
import { PhotoglotError } from '../../errors';
import { toStorageError } from '../storage-error';
import { BlobFile } from './blob-file';
import { damaged } from './segment-format';
import type { ReadableFile, SegmentFolder, WritableFile } from './segment-file';

/** Longer than any disk takes. Chromium now and then does not answer at all, when many files are made. */
const PATIENCE_MS = 10_000;
const LATE = Symbol('late');

/** As of the File System standard; TypeScript 6 knows neither option nor attribute. */
interface ModalHandle extends FileSystemFileHandle {
  createSyncAccessHandle(options?: {
    readonly mode: 'read-only';
  }): Promise<FileSystemSyncAccessHandle>;
}

/**
 * The folder of that path, made if it is not there; null where there is no such file system. Rejects with
 * `storage` when there is one that fails: files may lie in it.
 */
export async function openOpfsFolder(path: readonly string[]): Promise<SegmentFolder | null> {
  // Absent outside secure contexts.
  const storage = (navigator as { readonly storage?: StorageManager }).storage;
  if (typeof FileSystemSyncAccessHandle === 'undefined' || storage === undefined) return null;
  try {
    let folder = await storage.getDirectory();
    for (const name of path) folder = await folder.getDirectoryHandle(name, { create: true });
    return new OpfsFolder(folder);
  } catch (thrown) {
    // In private windows that have none.
    if (thrown instanceof DOMException && thrown.name === 'SecurityError') return null;
    throw toStorageError(thrown);
  }
}

class OpfsFolder implements SegmentFolder {
  readonly #folder: FileSystemDirectoryHandle;

  constructor(folder: FileSystemDirectoryHandle) {
    this.#folder = folder;
  }

  async create(name: string): Promise<WritableFile> {
    return inStorage(async () => {
      const file = await answered(this.#folder.getFileHandle(name, { create: true }));
      const handle = await answered(file.createSyncAccessHandle(), closeHandle);
      return orClosed(handle, () => {
        handle.truncate(0);
        return new WrittenFile(handle);
      });
    });
  }

  async open(name: string): Promise<ReadableFile> {
    return inStorage(async () => {
      const asked = this.#folder.getFileHandle(name).catch((thrown: unknown) => {
        throw isNotFound(thrown) ? notFound(name) : thrown;
      });
      const file: ModalHandle = await answered(asked);
      if (!('mode' in FileSystemSyncAccessHandle.prototype)) {
        return new BlobFile(await file.getFile());
      }
      const handle = await answered(
        file.createSyncAccessHandle({ mode: 'read-only' }),
        closeHandle,
      );
      return orClosed(handle, () => new SyncFile(handle));
    });
  }

  async names(): Promise<readonly string[]> {
    return inStorage(async () => {
      const names: string[] = [];
      for await (const name of this.#folder.keys()) names.push(name);
      return names;
    });
  }

  async remove(name: string): Promise<void> {
    const removed = this.#folder.removeEntry(name).catch((thrown: unknown) => {
      if (!isNotFound(thrown)) throw thrown;
    });
    await inStorage(() => answered(removed));
  }
}

class SyncFile implements ReadableFile {
  readonly #handle: FileSystemSyncAccessHandle;
  readonly size: number;

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
    this.size = handle.getSize();
  }

  read(at: number, into: Uint8Array<ArrayBuffer>): undefined {
    let read: number;
    try {
      read = this.#handle.read(into, { at });
    } catch (thrown) {
      throw damaged(`its bytes cannot be read (${String(thrown)})`);
    }
    if (read !== into.length) throw damaged(`it ends before byte ${at + into.length}`);
  }

  close(): void {
    this.#handle.close();
  }
}

class WrittenFile implements WritableFile {
  readonly #handle: FileSystemSyncAccessHandle;

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle;
  }

  write(at: number, bytes: Uint8Array<ArrayBuffer>): void {
    try {
      // A disk that is nearly full may take a part.
      if (this.#handle.write(bytes, { at }) === bytes.length) return;
    } catch (thrown) {
      throw toStorageError(thrown);
    }
    throw toStorageError(new DOMException('The disk is full.', 'QuotaExceededError'));
  }

  flush(): void {
    try {
      this.#handle.flush();
    } catch (thrown) {
      throw toStorageError(thrown);
    }
  }

  finish(): void {
    this.flush();
    this.#handle.close();
  }

  close(): void {
    this.#handle.close();
  }
}

/** A handle that is left open shuts others out as long as the worker lives. */
function orClosed<Result>(handle: FileSystemSyncAccessHandle, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    handle.close();
    throw thrown;
  }
}

/** Rejects with `storage` when no answer comes. @param ifLate is given what comes after that */
async function answered<Result>(
  asked: Promise<Result>,
  ifLate: (result: Result) => void = () => undefined,
): Promise<Result> {
  const result = await inTime(PATIENCE_MS, asked, LATE);
  if (result !== LATE) return result;
  asked.then(ifLate, () => undefined);
  throw new PhotoglotError('storage', 'The file system of this origin does not answer.');
}

function closeHandle(handle: FileSystemSyncAccessHandle): void {
  handle.close();
}

async function inStorage<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw toStorageError(thrown);
  }
}

function isNotFound(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'NotFoundError';
}

function notFound(name: string): PhotoglotError {
  return new PhotoglotError('not-found', `There is no stored segment "${name}".`);
}
