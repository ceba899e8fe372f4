/** What stored signals begin with: a magic, a version, a number type, and sizes. */
import { PhotoglotError } from '../../errors';

/** A layout of bytes. */
export interface SignalKind {
  readonly magic: number;
  /** The characters of the magic. */
  readonly name: string;
  readonly version: number;
  readonly numberType: number;
}

const SIZES_START = 8;

/** Writes magic, version and number type, and behind them the sizes, 4 bytes each. */
export function writeHeader(
  bytes: ArrayBuffer,
  { magic, version, numberType }: SignalKind,
  sizes: readonly number[],
): void {
  const header = new DataView(bytes);
  header.setUint32(0, magic, true);
  header.setUint16(4, version, true);
  header.setUint16(6, numberType, true);
  sizes.forEach((size, index) => {
    header.setUint32(SIZES_START + 4 * index, size, true);
  });
}

/**
 * The sizes of a header that has `count` of them. Throws `storage-version` for another kind, `storage` when
 * there are not as many bytes behind the header as `contentBytes` says.
 */
export function checkHeader(
  bytes: ArrayBuffer,
  { magic, name, version, numberType }: SignalKind,
  count: number,
  contentBytes: (sizes: readonly number[]) => number,
): readonly number[] {
  const headerBytes = SIZES_START + 4 * count;
  const header = new DataView(bytes);
  if (bytes.byteLength < headerBytes || header.getUint32(0, true) !== magic) {
    throw new PhotoglotError('storage-version', `A stored signal does not start with "${name}".`);
  }
  const [found, type] = [header.getUint16(4, true), header.getUint16(6, true)];
  if (found !== version || type !== numberType) {
    throw new PhotoglotError(
      'storage-version',
      `A stored signal "${name}" has version ${found} and number type ${type}; this release reads ` +
        `version ${version} and type ${numberType}. Load the newest release of Photoglot.`,
    );
  }
  const sizes = Array.from({ length: count }, (_, index) =>
    header.getUint32(SIZES_START + 4 * index, true),
  );
  const expected = headerBytes + contentBytes(sizes);
  if (bytes.byteLength !== expected) {
    throw new PhotoglotError(
      'storage',
      `A stored signal "${name}" has ${bytes.byteLength} bytes; by its header it should be ${expected}.`,
    );
  }
  return sizes;
}
