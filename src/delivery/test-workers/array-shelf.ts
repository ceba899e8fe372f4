/** A shelf in an array, for tests of what is put on it. */
import type { FileShelf, NewChunk, StoredFile } from '../file-shelf';

interface Entry {
  state: StoredFile;
  readonly chunks: Uint8Array<ArrayBuffer>[];
}

export class ArrayShelf implements FileShelf {
  readonly #files = new Map<string, Entry>();
  /** Files that were begun. */
  begun = 0;
  /** Called before a chunk is kept; what it throws, `append` rejects with. */
  onAppend: (chunk: NewChunk) => void | Promise<void> = () => undefined;

  find(key: string): Promise<StoredFile | null> {
    return Promise.resolve(this.#files.get(key)?.state ?? null);
  }

  begin(file: Pick<StoredFile, 'key' | 'chunkSize' | 'size'>): Promise<StoredFile> {
    this.begun += 1;
    const state: StoredFile = {
      ...file,
      chunks: 0,
      bytes: 0,
      sha256: null,
      hashState: null,
      validator: null,
    };
    this.#files.set(file.key, { state, chunks: [] });
    return Promise.resolve(state);
  }

  async append(key: string, chunk: NewChunk): Promise<StoredFile> {
    await this.onAppend(chunk);
    const entry = this.#entry(key);
    const { state } = entry;
    if (chunk.index !== state.chunks || state.sha256 !== null) return state;
    const { bytes, hashState, validator, size } = chunk;
    entry.chunks.push(bytes.slice());
    entry.state = {
      ...state,
      chunks: state.chunks + 1,
      bytes: state.bytes + bytes.length,
      size: size ?? state.size,
      hashState,
      validator,
    };
    return entry.state;
  }

  finish(key: string, sha256: string): Promise<StoredFile> {
    const entry = this.#entry(key);
    const { bytes } = entry.state;
    entry.state = { ...entry.state, size: bytes, sha256, hashState: null };
    return Promise.resolve(entry.state);
  }

  drop(key: string): Promise<void> {
    this.#files.delete(key);
    return Promise.resolve();
  }

  read(key: string): Promise<Blob | null> {
    const chunks = this.#files.get(key)?.chunks ?? [];
    return Promise.resolve(chunks.length === 0 ? null : new Blob(chunks));
  }

  /** All bytes that are kept. */
  async bytes(key: string): Promise<Uint8Array> {
    const blob = await this.read(key);
    return blob === null ? new Uint8Array() : new Uint8Array(await blob.arrayBuffer());
  }

  /** Alters what is kept, as if by another tab, another release or a bad disk. */
  alter(key: string, change: Partial<StoredFile>): void {
    const entry = this.#entry(key);
    entry.state = { ...entry.state, ...change };
  }

  /** Replaces a file by another shelf's, as if another tab had put it there. */
  copyFrom(other: ArrayShelf, key: string, otherKey = key): void {
    const { state, chunks } = other.#entry(otherKey);
    this.#files.set(key, { state: { ...state, key }, chunks: [...chunks] });
  }

  #entry(key: string): Entry {
    const entry = this.#files.get(key);
    if (entry === undefined) throw new Error(`The shelf has no file ${key}.`);
    return entry;
  }
}
