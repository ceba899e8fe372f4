/** What the fault server is told, and what it tells: for its own scripts, and for tests. */

/** Bytes from a seed (see seeded-bytes.mjs), given bytes, or a file on the disk. */
export type FaultFile = { size: number; seed: number } | { base64: string } | { path: string };

/** What an answer does wrong. */
export type FaultKind =
  /** The socket is destroyed after `after` bytes of the body. */
  | 'drop'
  /** Nothing follows after them, and no end either. */
  | 'stall'
  /** The answer ends after them, properly. */
  | 'truncate'
  /** `after` bytes too many follow. */
  | 'oversize'
  /** The byte at `at` of the file has its lowest bit flipped. */
  | 'flip'
  /** `bytes` at a time, every `every` milliseconds. */
  | 'drip'
  /** Status 200 with the whole file, whatever range was asked for. */
  | 'whole'
  /** An error status. */
  | 'status'
  /** A page with status 200. */
  | 'html';

export interface FaultRule {
  kind: FaultKind;
  /** Name; without it, any file. */
  file?: string;
  /** Answers that it applies to; 0 for all. @default 1 */
  times?: number;
  /** Answers that it lets pass before. @default 0 */
  skip?: number;
  /** Bytes. @default 0 */
  after?: number;
  /** Offset in the file: the rule applies to answers that hold this byte only. */
  at?: number;
  /** @default 500 */
  status?: number;
  /** Seconds or a date. */
  retryAfter?: string;
  /** Milliseconds. @default 10 */
  every?: number;
  /** Of a drip. @default 1024 */
  bytes?: number;
}

export interface FaultOptions {
  /** Whether ranges are honoured. @default true */
  range?: boolean;
  /** Whether If-Range is honoured. @default true */
  ifRange?: boolean;
  /** With its quotes; null for none. @default '"v1"' */
  etag?: string | null;
  /** A date as headers have it; null for none. @default null */
  lastModified?: string | null;
  /** False: chunked encoding. @default true */
  contentLength?: boolean;
  /** False: as if it were hidden. @default true */
  contentRange?: boolean;
  /** False: only the range is told, not the size of the file. @default true */
  totalLength?: boolean;
  /** Compressed; ranges are of the compressed bytes then. @default false */
  gzip?: boolean;
  /** Whether other origins may read. Preflights are refused in any case. @default true */
  cors?: boolean;
  /** Headers that other origins may read, with commas. */
  expose?: string;
  /** False: each answer closes its connection, as browsers ask again by themselves on one that was used before. @default true */
  keepAlive?: boolean;
  /** @default 'application/octet-stream' */
  type?: string;
}

export interface FaultSetting {
  /** By name. */
  files: Record<string, FaultFile>;
  /** The first that applies to an answer, does. @default [] */
  rules?: FaultRule[];
  options?: FaultOptions;
}

/** A request that the server has answered, or is answering. */
export interface LoggedRequest {
  file: string;
  method: string;
  /** Headers of the request; null where it had none. */
  range: string | null;
  ifRange: string | null;
  cookie: string | null;
  status: number;
  fault: FaultKind | null;
  /** Bytes of the body that were given to the connection. */
  bytes: number;
}
