/** How large its pieces are and how patient a download is. Callers take the defaults; tests have less time. */

/** Bytes of a chunk where the manifest does not say: what a break costs at most, and a buffer takes. */
export const DEFAULT_CHUNK_SIZE = 8 * 2 ** 20;

export interface DownloadRules {
  /** Bytes of a chunk of files whose source has no chunks. @default 8 MiB */
  readonly chunkSize: number;
  /** Milliseconds without a byte, or without an answer, after which a request is given up. @default 20000 */
  readonly stallMs: number;
  /** Milliseconds to wait for the end of an answer whose bytes are all there. @default 1000 */
  readonly endMs: number;
  /** Failures in a row after which a host is given up. @default 6 */
  readonly failures: number;
  /** Bytes that arrived since the last failure was forgiven, to forgive the next. @default 1 MiB */
  readonly forgivingBytes: number;
  /** Longest wait after the first failure; it doubles with each further one. Milliseconds. @default 500 */
  readonly backoffMs: number;
  /** What it doubles up to. Milliseconds. @default 15000 */
  readonly longestBackoffMs: number;
  /** A host that asks for a longer wait (Retry-After) is given up. Milliseconds. @default 60000 */
  readonly longestRetryAfterMs: number;
  /** How often a file may turn out to have changed on the way. @default 5 */
  readonly restarts: number;
}

export const DEFAULT_RULES: DownloadRules = {
  chunkSize: DEFAULT_CHUNK_SIZE,
  stallMs: 20_000,
  endMs: 1_000,
  failures: 6,
  forgivingBytes: 2 ** 20,
  backoffMs: 500,
  longestBackoffMs: 15_000,
  longestRetryAfterMs: 60_000,
  restarts: 5,
};
