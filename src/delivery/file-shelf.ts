/** Where files are kept while they arrive and afterwards, chunk by chunk. */

/** What is kept of a file. Chunks follow each other without gaps from the start. */
export interface StoredFile {
  /** As `FileSource.key`. */
  readonly key: string;
  /** Bytes of every chunk but the last. */
  readonly chunkSize: number;
  /** Chunks that are kept. */
  readonly chunks: number;
  /** Bytes in them. */
  readonly bytes: number;
  /** Of the whole file; null until the manifest or a server tells. */
  readonly size: number | null;
  /** Lower-case hex digest of a complete and verified file; null until it is one. */
  readonly sha256: string | null;
  /** The streaming hash behind the last chunk, so that a resumed download need not read it all again. */
  readonly hashState: Uint8Array<ArrayBuffer> | null;
  /** Tells a changed file where no digest would: the ETag and the address that gave it. */
  readonly validator: Validator | null;
}

/** What a host tells of a version, and its address: another host's say nothing about the same bytes. */
export interface Validator {
  readonly url: string;
  /** A strong one; empty where none can be read. */
  readonly etag: string;
  /** Weaker: it counts seconds. Not there where none was sent. */
  readonly lastModified?: string;
}

/** The next chunk of a file, and what is true once it is kept. */
export interface NewChunk {
  /** Must be the file's `chunks`. */
  readonly index: number;
  /** Copied: the caller may use its memory again when the promise has settled. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hashState: Uint8Array<ArrayBuffer> | null;
  readonly validator: Validator | null;
  readonly size: number | null;
}

export interface FileShelf {
  /** What is kept of the file; null when it was never begun. */
  find(key: string): Promise<StoredFile | null>;
  /** Begins a file, dropping what was kept of it. */
  begin(file: {
    readonly key: string;
    readonly chunkSize: number;
    readonly size: number | null;
  }): Promise<StoredFile>;
  /**
   * Keeps the next chunk, atomically and durably, and resolves to the new state. Where it is not the
   * next one (another tab was faster) nothing is written, and what is kept now is returned.
   * Rejects with `quota-exceeded` or `storage`; then nothing of the chunk was kept.
   */
  append(key: string, chunk: NewChunk): Promise<StoredFile>;
  /** Marks the file as complete: all chunks are there, and have this digest. */
  finish(key: string, sha256: string): Promise<StoredFile>;
  /** Forgets the file. */
  drop(key: string): Promise<void>;
  /** The chunks so far as one Blob (of a complete file: the file), without reading them; null when there are none. */
  read(key: string): Promise<Blob | null>;
}
