/** A folder whose files tell other tabs that they are in use. */
import type { ReadableFile, SegmentFolder, WritableFile } from './segment/segment-file';
import { holdLock, ifNotLocked } from './locks';

/** What the lock of a file is called. */
export function fileLock(name: string): string {
  return `photoglot-pack:${name}`;
}

export class LockedFolder implements SegmentFolder {
  readonly #folder: SegmentFolder;
  readonly #onClosed: (name: string) => void;

  /** @param onClosed hears of files that were read and are closed: others may hold them still. Not where there are no locks */
  constructor(folder: SegmentFolder, onClosed: (name: string) => void) {
    this.#folder = folder;
    this.#onClosed = onClosed;
  }

  /** Who creates a file holds its lock, until a collection's record names it. */
  create(name: string): Promise<WritableFile> {
    return this.#folder.create(name);
  }

  /** Shares the file's lock until it is closed. */
  async open(name: string): Promise<ReadableFile> {
    const release = await holdLock(fileLock(name), 'shared', () => {
      this.#onClosed(name);
    });
    try {
      return new LockedFile(await this.#folder.open(name), release);
    } catch (thrown) {
      release();
      throw thrown;
    }
  }

  names(): Promise<readonly string[]> {
    return this.#folder.names();
  }

  /** Of no effect while somebody has it open. */
  async remove(name: string): Promise<void> {
    await ifNotLocked(fileLock(name), () => this.#folder.remove(name));
  }

  /** Removes those of the names that `isUsed` does not know of, as things are when nobody has it open. */
  async removeUnused(
    names: readonly string[],
    isUsed: (name: string) => Promise<boolean>,
  ): Promise<void> {
    for (const name of names) {
      await ifNotLocked(fileLock(name), async () => {
        if (!(await isUsed(name))) await this.#folder.remove(name);
      });
    }
  }
}

class LockedFile implements ReadableFile {
  readonly #file: ReadableFile;
  readonly #release: () => void;

  constructor(file: ReadableFile, release: () => void) {
    this.#file = file;
    this.#release = release;
  }

  get size(): number {
    return this.#file.size;
  }

  read(at: number, into: Uint8Array<ArrayBuffer>): void | Promise<void> {
    return this.#file.read(at, into);
  }

  close(): void {
    this.#file.close();
    this.#release();
  }
}
