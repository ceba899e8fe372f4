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

/**
 * A file that is being written; nobody reads it meanwhile. A {@link SegmentWriter} writes no byte twice,
 * and the beginning last. Each method throws or rejects with `quota-exceeded` or `storage`.
 */
export interface WritableFile {
  /** `bytes` may change when it has returned, or resolved. */
  write(at: number, bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  /** What was written before it reaches the disk before what is written after it. */
  flush(): void | Promise<void>;
  /** Ends with the disk having all of it, as far as the browser can tell; closes it. */
  finish(): void | Promise<void>;
  /** Lets go of it: what it holds is of no use. Of no effect when it is closed. */
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
