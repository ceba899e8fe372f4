/**
 * The portable file: one collection in one file, written and read from front to back. All numbers are
 * little-endian.
 *
 * | byte | type     | what                                    |
 * |------|----------|-----------------------------------------|
 * | 0    | 8 bytes  | magic, the characters `PGLOTCOL`        |
 * | 8    | uint32   | version of this format: 1               |
 * | 12   | uint32   | 0                                       |
 * | 16   | records  | `HEAD`, then rows and pictures, `DONE`  |
 *
 * A record is a tag of four characters, uint32 length of the payload, the payload, and uint32 CRC-32C of
 * all of these. By tag, the payload is
 *
 * - `HEAD`, once and first: JSON `{ name, model, dimension, count }`.
 * - `ROWS`: uint32 rows, uint32 bytes of JSON (a multiple of 4), the JSON array of the rows' items
 *   `{ id, meta, fields, rough? }` padded with spaces, then `rows × dimension` float32, each row of length 1.
 * - `PICT`: JSON `{ row, kind, type, size, name?, lastModified? }`: a picture of a row of the `ROWS` before
 *   it, `kind` being `thumbnail` or `original`; name and time are there for what was a file.
 *   Its `size` bytes follow as `DATA` records.
 * - `DATA`: bytes of a picture.
 * - `DONE`, once and last: SHA-256 of all bytes before this record. Nothing follows it.
 */
import { importInvalid } from './import-error';

export const MAGIC = 'PGLOTCOL';
export const VERSION = 1;
export const FILE_HEADER_BYTES = 16;
export const RECORD_HEADER_BYTES = 8;
export const CHECKSUM_BYTES = 4;

/** What a writer puts into a record, unless a single row is larger. */
export const TARGET_RECORD_BYTES = 2 ** 20;
/** What a reader accepts: it holds a record as a whole. */
export const MAX_RECORD_BYTES = 64 * 2 ** 20;
/** As of `store/check-input.ts`. */
export const MAX_DIMENSION = 65_536;

const TAGS = ['HEAD', 'ROWS', 'PICT', 'DATA', 'DONE'] as const;
export type Tag = (typeof TAGS)[number];

/** Throws `import-invalid` for what is none. */
export function parseTag(bytes: Uint8Array, place: number): Tag {
  const text = String.fromCharCode(...bytes.subarray(0, 4));
  const tag = TAGS.find((known) => known === text);
  if (tag !== undefined) return tag;
  throw importInvalid(`There is no record of a known kind at byte ${place}: the file is damaged.`);
}

/** The JSON of a `PICT` record. */
export interface PictureHeader {
  /** In the `ROWS` record before it. */
  readonly row: number;
  readonly kind: 'thumbnail' | 'original';
  /** MIME type; empty when unknown. */
  readonly type: string;
  readonly size: number;
  readonly name?: string;
  readonly lastModified?: number;
}
