/** A file that is wanted: where it is served, and what is known of its bytes before they arrive. */
export interface FileSource {
  /** Identity of the content: its SHA-256 where that is known, else `url:` and the first address. */
  readonly key: string;
  /** As in the manifest. */
  readonly name: string;
  /** Absolute addresses of the same bytes, one per host; the order of hosts is that of all files. */
  readonly urls: readonly [string, ...string[]];
  /** Bytes; null where nobody has told. */
  readonly size: number | null;
  /** Lower-case hex digest of the whole file; null where the first download decides. */
  readonly sha256: string | null;
  /** Digests of consecutive pieces of `size` bytes; the last may be shorter. */
  readonly chunks: { readonly size: number; readonly sha256: readonly string[] } | null;
}
