/**
 * Stored vectors: a header of 16 bytes, then `count × dimension` numbers. All little-endian, as
 * typed arrays are in every engine that runs WebAssembly, so that the numbers are copied as they
 * are.
 *
 * | byte | type   | what                          |
 * |------|--------|-------------------------------|
 * | 0    | uint32 | magic, the characters `PGVS`  |
 * | 4    | uint16 | version of this layout        |
 * | 6    | uint16 | number type: 1 = float32      |
 * | 8    | uint32 | dimension                     |
 * | 12   | uint32 | count                         |
 */
import { PhotoglotError } from '../errors';

const MAGIC = 0x53_56_47_50;
const VERSION = 1;
const FLOAT32 = 1;
const HEADER_BYTES = 16;

/** Rows of `dimension` numbers. */
export interface VectorBlock {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dimension: number;
}

/** Packs `data`, rows of `dimension` numbers. */
export function encodeVectors({ data, dimension }: VectorBlock): ArrayBuffer {
  const bytes = new ArrayBuffer(HEADER_BYTES + data.byteLength);
  const header = new DataView(bytes);
  header.setUint32(0, MAGIC, true);
  header.setUint16(4, VERSION, true);
  header.setUint16(6, FLOAT32, true);
  header.setUint32(8, dimension, true);
  header.setUint32(12, data.length / dimension, true);
  new Float32Array(bytes, HEADER_BYTES).set(data);
  return bytes;
}

/** Whether these are packed vectors, whole or not, in whatever version. */
export function isVectorBlock(bytes: ArrayBuffer): boolean {
  return bytes.byteLength >= HEADER_BYTES && new DataView(bytes).getUint32(0, true) === MAGIC;
}

/**
 * The inverse of {@link encodeVectors}; `data` is a view on `bytes`. Throws `storage-version` for
 * another layout, `storage` when the length is not what the header says.
 */
export function decodeVectors(bytes: ArrayBuffer): VectorBlock {
  const header = new DataView(bytes);
  if (!isVectorBlock(bytes)) {
    throw new PhotoglotError('storage-version', 'Stored vectors do not start with "PGVS".');
  }
  const [version, type] = [header.getUint16(4, true), header.getUint16(6, true)];
  if (version !== VERSION || type !== FLOAT32) {
    throw new PhotoglotError(
      'storage-version',
      `Stored vectors have version ${version} and number type ${type}; this release reads ` +
        `version ${VERSION} and type ${FLOAT32}. Load the newest release of Photoglot.`,
    );
  }
  const [dimension, count] = [header.getUint32(8, true), header.getUint32(12, true)];
  const expected = HEADER_BYTES + count * dimension * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.byteLength !== expected) {
    throw new PhotoglotError(
      'storage',
      `Stored vectors are ${bytes.byteLength} bytes; ${count} of dimension ${dimension} take ` +
        `${expected}.`,
    );
  }
  return { data: new Float32Array(bytes, HEADER_BYTES), dimension };
}
