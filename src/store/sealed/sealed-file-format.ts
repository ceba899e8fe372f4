/**
 * A file in encrypted pages, so that any part of it can be read without the rest. All little-endian.
 *
 * | byte             | type     | what                                                          |
 * |------------------|----------|---------------------------------------------------------------|
 * | 0                | uint32   | magic, the characters `PGSF`                                  |
 * | 4                | uint32   | version of this layout: 1                                     |
 * | 8                | 16 bytes | salt of the file's key                                        |
 * | 24               | message  | its size in plain, uint64; bound to its name (message-key.ts) |
 * | 4096 + 16384 · i | message  | page `i`: 8,164 bytes, or what is left; bound to name and `i` |
 *
 * The header is written last, so a file that begins with the magic is whole. The size in it tells where
 * the last page ends: what was cut off is missed.
 */
import { PhotoglotError } from '../../errors';
import { SALT_BYTES } from './data-key';
import { MESSAGE_OVERHEAD, sealBroken, type Place } from './message-key';

const MAGIC = 0x46_53_47_50;
const VERSION = 1;
const SALT_AT = 8;
const SIZE_AT = SALT_AT + SALT_BYTES;
export const SIZE_BYTES = 8;
/** A sector, so that pages begin where the disk's do. */
const PAGES_AT = 4096;
/**
 * Bytes of a page on the disk. Calls cost more than bytes: with smaller pages opening a large file takes
 * longer, with larger ones reading single rows does.
 */
const RECORD_BYTES = 8192;

/** Bytes of the header, without what fills it up. */
export const HEADER_BYTES = SIZE_AT + MESSAGE_OVERHEAD + SIZE_BYTES;
/** What a page holds. */
export const PAGE_BYTES = RECORD_BYTES - MESSAGE_OVERHEAD;

/** Where a page begins. */
export function pageStart(page: number): number {
  return PAGES_AT + page * RECORD_BYTES;
}

/** Bytes of the sealed file. @param size in plain */
export function sealedSize(size: number): number {
  return PAGES_AT + size + Math.ceil(size / PAGE_BYTES) * MESSAGE_OVERHEAD;
}

/** Where a page of it, or its size, opens. */
export function placeOf(file: string, part: number | 'size'): Place {
  return ['file', file, part];
}

/** What lies before the first page. @param size the message of it */
export function encodeSealedHeader(
  salt: Uint8Array<ArrayBuffer>,
  size: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PAGES_AT);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  bytes.set(salt, SALT_AT);
  bytes.set(size, SIZE_AT);
  return bytes;
}

/** The inverse of {@link encodeSealedHeader}. Throws `storage`, or `storage-version` for another layout. */
export function parseSealedHeader(bytes: Uint8Array<ArrayBuffer>): {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly size: Uint8Array<ArrayBuffer>;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) throw sealBroken();
  const version = view.getUint32(4, true);
  if (version !== VERSION) {
    throw new PhotoglotError(
      'storage-version',
      `An encrypted file has version ${version}; this release reads version ${VERSION}. ` +
        'Load the newest release of Photoglot.',
    );
  }
  return {
    salt: bytes.subarray(SALT_AT, SIZE_AT),
    size: bytes.subarray(SIZE_AT, HEADER_BYTES),
  };
}
