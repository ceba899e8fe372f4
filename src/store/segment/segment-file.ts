/** Files as segments need them, whatever keeps them. */

/** A file that is read here and there. */
export interface ReadableFile {
  readonly size: number;
  /**
   * Fills `into` with the bytes from `at`; at once where the browser can, which for single rows is
   * many times as fast. Throws or rejects with `storage` when they are not there.
   */
  read(at: number, into: Uint8Array<ArrayBuffer>): void | Promise<void>;
  /** Of no effect when it is closed. */
  close(): void;
}

/** A file that is being written; nobody reads it meanwhile. */
export interface WritableFile {
  /** Throws `quota-exceeded` or `storage`. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): void;
  /** Returns when the disk has all of it, as far as the browser can tell. */
  flush(): void;
  /** Of no effect when it is closed. */
  close(): void;
}

/** Files by name. */
export interface SegmentFolder {
  /** An empty file; one of that name that nobody uses is replaced. */
  create(name: string): Promise<WritableFile>;
  /** Rejects with `not-found`, or with `storage`. */
  open(name: string): Promise<ReadableFile>;
  names(): Promise<readonly string[]>;
  /** Of no effect if it is not there. Rejects with `storage` while it is in use. */
  remove(name: string): Promise<void>;
}
