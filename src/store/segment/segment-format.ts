/**
 * A packed segment: rows that never change, in one file of several sections. All little-endian.
 *
 * | byte   | type   | what                                                    |
 * |--------|--------|---------------------------------------------------------|
 * | 0      | uint32 | magic, the characters `PGSG`                            |
 * | 4      | uint16 | version of this layout                                  |
 * | 6      | uint16 | number of sections                                      |
 * | 8      | uint32 | rows                                                    |
 * | 12     | uint32 | dimension of the vectors                                |
 * | 16     | uint64 | bytes of the file                                       |
 * | 24     | uint32 | CRC-32C of the header and the table, with 0 in its place |
 * | 28     | uint32 | 0                                                       |
 * | 32 + 32 · i | | entry of section `i`, in the order of the file:         |
 * | + 0    | uint16 | what it holds ({@link SECTIONS})                        |
 * | + 2    | uint16 | 0                                                       |
 * | + 4    | uint32 | bytes per row; 0 for one that is not by row             |
 * | + 8    | uint64 | offset, a multiple of 64 unless it is empty             |
 * | + 16   | uint64 | bytes                                                   |
 * | + 24   | uint32 | CRC-32C of its bytes                                    |
 * | + 28   | uint32 | 0                                                       |
 *
 * The header is written last, so a file that begins with it is whole. Sections of a kind that a
 * release does not know are passed over.
 */
import { PhotoglotError } from '../../errors';
import type { Crc32c } from './crc32c';

/** What a section may hold. */
export const SECTIONS = {
  /** What the codes of all rows have in common (packed/codebook.ts); not by row. */
  codebook: 1,
  /** Columns of a binary code (core/codes/binary-code.ts). */
  bits: 2,
  offsets: 3,
  factors: 4,
  /** The master copy of the vectors. */
  float16: 5,
  /** Two columns by which rows are found by their id (packed/id-index.ts). */
  idHashes: 6,
  idRows: 7,
  /** Where each row's item lies, and checksums of the row (packed/row-entries.ts). */
  entries: 8,
  /** The items as JSON, one behind the other; not by row. */
  items: 9,
  /** Meta by field instead of by row (packed/column.ts); not by row. */
  columns: 10,
  /** Which columns there are, and where (packed/column-directory.ts); not by row. */
  directory: 11,
} as const;

/** A section's place in the file. */
export interface Section {
  /** One of {@link SECTIONS}, or of a later release. */
  readonly kind: number;
  /** Bytes per row; 0 for one that is not by row. */
  readonly stride: number;
  readonly offset: number;
  readonly bytes: number;
  readonly checksum: number;
}

/** What is known of a segment without reading its sections. */
export interface SegmentHeader {
  readonly rows: number;
  readonly dimension: number;
  readonly sections: readonly Section[];
}

const MAGIC = 0x47_53_47_50;
const VERSION = 1;
const FIXED_BYTES = 32;
const ENTRY_BYTES = 32;
/** So that rows copied into WASM memory as they are can be read sixteen bytes at a time. */
const ALIGNMENT = 64;
const MAX_SECTIONS = 64;

/** Bytes before the first section. */
export function headerBytes(sections: number): number {
  return aligned(FIXED_BYTES + sections * ENTRY_BYTES);
}

/** Bytes of the file. */
export function fileBytes(sections: readonly Pick<Section, 'offset' | 'bytes'>[]): number {
  const last = sections.at(-1);
  return last === undefined ? headerBytes(0) : last.offset + last.bytes;
}

/** The bytes that a file begins with. */
export function encodeHeader(header: SegmentHeader, crc: Crc32c): Uint8Array<ArrayBuffer> {
  const { rows, dimension, sections } = header;
  const bytes = new Uint8Array(headerBytes(sections.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, VERSION, true);
  view.setUint16(6, sections.length, true);
  view.setUint32(8, rows, true);
  view.setUint32(12, dimension, true);
  view.setBigUint64(16, BigInt(fileBytes(sections)), true);
  sections.forEach(({ kind, stride, offset, bytes: length, checksum }, index) => {
    const at = FIXED_BYTES + index * ENTRY_BYTES;
    view.setUint16(at, kind, true);
    view.setUint32(at + 4, stride, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(length), true);
    view.setUint32(at + 24, checksum, true);
  });
  view.setUint32(24, crc.of(bytes), true);
  return bytes;
}

/** How many bytes the header takes; reads its first 32. Throws as {@link parseHeader} does. */
export function measureHeader(start: Uint8Array, fileSize: number): number {
  const view = viewOf(start);
  if (start.length < FIXED_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw damaged('it does not start with "PGSG"');
  }
  const version = view.getUint16(4, true);
  if (version !== VERSION) {
    throw new PhotoglotError(
      'storage-version',
      `A stored segment has version ${version}; this release reads version ${VERSION}. ` +
        'Load the newest release of Photoglot.',
    );
  }
  const sections = view.getUint16(6, true);
  if (sections > MAX_SECTIONS) throw damaged(`it claims ${sections} sections`);
  const bytes = headerBytes(sections);
  const claimed = Number(view.getBigUint64(16, true));
  if (claimed !== fileSize || bytes > fileSize) {
    throw damaged(`it has ${fileSize} bytes; its header says ${claimed}`);
  }
  return bytes;
}

/**
 * The inverse of {@link encodeHeader}: everything that it says lies within the file. Throws
 * `storage-version` for another layout, `storage` for a file that is damaged or no segment.
 */
export function parseHeader(bytes: Uint8Array, fileSize: number, crc: Crc32c): SegmentHeader {
  const length = measureHeader(bytes, fileSize);
  if (bytes.length < length) throw damaged('its header is cut off');
  const header = bytes.slice(0, length);
  const view = viewOf(header);
  const checksum = view.getUint32(24, true);
  view.setUint32(24, 0, true);
  if (crc.of(header) !== checksum) throw damaged('the checksum of its header is wrong');
  const rows = view.getUint32(8, true);
  let end = length;
  const sections = Array.from({ length: view.getUint16(6, true) }, (_, index): Section => {
    const at = FIXED_BYTES + index * ENTRY_BYTES;
    const section = {
      kind: view.getUint16(at, true),
      stride: view.getUint32(at + 4, true),
      offset: Number(view.getBigUint64(at + 8, true)),
      bytes: Number(view.getBigUint64(at + 16, true)),
      checksum: view.getUint32(at + 24, true),
    };
    const isByRow = section.stride > 0;
    if (
      section.offset < end ||
      (section.bytes > 0 && section.offset % ALIGNMENT !== 0) ||
      section.offset + section.bytes > fileSize ||
      (isByRow && section.bytes !== section.stride * rows)
    ) {
      throw damaged(`section ${index} does not lie where it can`);
    }
    end = section.offset + section.bytes;
    return section;
  });
  return { rows, dimension: view.getUint32(12, true), sections };
}

/** What a segment that cannot be used is refused with. */
export function damaged(what: string): PhotoglotError {
  return new PhotoglotError('storage', `A stored segment is damaged: ${what}.`);
}

/** The first offset from `bytes` on at which a section may begin. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
