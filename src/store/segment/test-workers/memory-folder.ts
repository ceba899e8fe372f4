/** Files in memory, for tests: read at once, or as Blobs. */
import { PhotoglotError } from '../../../errors';
import { BlobFile } from '../blob-file';
import type { ReadableFile, SegmentFolder, WritableFile } from '../segment-file';

export class MemoryFile implements WritableFile {
  /** Longer than the file, so that it is not copied with every write. */
  #room: Uint8Array<ArrayBuffer>;
  #size: number;
  /** The first byte of the file at each flush; −1 for none. */
  readonly flushed: number[] = [];

  constructor(bytes = new Uint8Array()) {
    this.#room = bytes.slice();
    this.#size = bytes.length;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#room.subarray(0, this.#size);
  }

  write(at: number, bytes: Uint8Array): void {
    this.#size = Math.max(this.#size, at + bytes.length);
    if (this.#size > this.#room.length) {
      const grown = new Uint8Array(2 * this.#size);
      grown.set(this.#room);
      this.#room = grown;
    }
    this.#room.set(bytes, at);
  }

  flush(): void {
    this.flushed.push(this.bytes[0] ?? -1);
  }

  finish(): void {
    this.flush();
  }

  close(): void {
    // Nothing to close.
  }
}

/** Reads at once, as an access handle does. */
export class MemoryReader implements ReadableFile {
  readonly #bytes: Uint8Array;
  reads = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get size(): number {
    return this.#bytes.length;
  }

  read(at: number, into: Uint8Array): undefined {
    this.reads++;
    into.set(this.#bytes.subarray(at, at + into.length));
  }

  close(): void {
    // Nothing to close.
  }
}

export class MemoryFolder implements SegmentFolder {
  readonly files = new Map<string, MemoryFile>();
  readonly #asBlobs: boolean;

  constructor(asBlobs = false) {
    this.#asBlobs = asBlobs;
  }

  create(name: string): Promise<MemoryFile> {
    const file = new MemoryFile();
    this.files.set(name, file);
    return Promise.resolve(file);
  }

  async open(name: string): Promise<ReadableFile> {
    const file = this.files.get(name);
    if (file === undefined) {
      return Promise.reject(new PhotoglotError('not-found', `There is no "${name}".`));
    }
    return this.#asBlobs ? new BlobFile(new Blob([file.bytes])) : new MemoryReader(file.bytes);
  }

  names(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  remove(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }
}
