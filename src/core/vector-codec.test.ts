import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { decodeVectors, encodeVectors } from './vector-codec';

/** Written by hand from the table in vector-codec.ts: two rows of dimension 3. */
const BYTES = Uint8Array.from(
  [
    [0x50, 0x47, 0x56, 0x53, 1, 0, 1, 0, 3, 0, 0, 0, 2, 0, 0, 0],
    [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0],
    [0, 0, 0, 0x3f, 0, 0, 0x40, 0x40, 0, 0, 0, 0x80],
  ].flat(),
);
const ROWS = Float32Array.of(1, -2, 0, 0.5, 3, -0);

function codeOf(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    decodeVectors(bytes.buffer);
  } catch (thrown) {
    if (thrown instanceof PhotoglotError) return thrown.code;
  }
  return 'none';
}

function changed(offset: number, value: number): Uint8Array<ArrayBuffer> {
  const bytes = BYTES.slice();
  bytes[offset] = value;
  return bytes;
}

describe('stored vectors', () => {
  test('have this layout', () => {
    expect(new Uint8Array(encodeVectors({ data: ROWS, dimension: 3 }))).toEqual(BYTES);
    expect(decodeVectors(BYTES.buffer)).toEqual({ data: ROWS, dimension: 3 });
  });

  test('may be empty', () => {
    const none = { data: new Float32Array(0), dimension: 384 };
    expect(decodeVectors(encodeVectors(none))).toEqual(none);
  });

  test.each([
    ['another magic', changed(0, 0), 'storage-version'],
    ['another version', changed(4, 2), 'storage-version'],
    ['another number type', changed(6, 2), 'storage-version'],
    ['no header', BYTES.slice(0, 15), 'storage-version'],
    ['a number too few', BYTES.slice(0, -4), 'storage'],
    ['a wrong count', changed(12, 3), 'storage'],
  ])('with %s are refused', (_, bytes, code) => {
    expect(codeOf(bytes)).toBe(code);
  });
});
