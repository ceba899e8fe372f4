/**
 * Stored token vectors of a text: a header of 16 bytes, then a scale per token and its vector in bytes,
 * all little-endian. One byte per number: of 1,024 dimensions a token takes 1 KB, and scores are right
 * to some 0.001.
 *
 * | byte | type    | what                              |
 * |------|---------|-----------------------------------|
 * | 0    | uint32  | magic, the characters `PGTV`      |
 * | 4    | uint16  | version of this layout            |
 * | 6    | uint16  | number type: 1 = int8 with scales |
 * | 8    | uint32  | count                             |
 * | 12   | uint32  | dimension                         |
 * | 16   | float32 | scales, one per token             |
 * |      | int8    | `count × dimension` numbers       |
 */
import type { TokenVectors } from '../../core/token-vectors';
import { checkHeader, writeHeader } from './signal-header';

const KIND = { magic: 0x56_54_47_50, name: 'PGTV', version: 1, numberType: 1 };
const HEADER_BYTES = 16;
const MOST = 127;

export function encodeTokens({ data, count, dim }: TokenVectors): ArrayBuffer {
  const bytes = new ArrayBuffer(HEADER_BYTES + count * (4 + dim));
  writeHeader(bytes, KIND, [count, dim]);
  const scales = new Float32Array(bytes, HEADER_BYTES, count);
  const numbers = new Int8Array(bytes, HEADER_BYTES + 4 * count);
  for (let token = 0; token < count; token++) {
    const vector = data.subarray(token * dim, (token + 1) * dim);
    const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    scales[token] = largest / MOST;
    if (largest === 0) continue;
    vector.forEach((value, index) => {
      numbers[token * dim + index] = Math.round((value / largest) * MOST);
    });
  }
  return bytes;
}

/** Throws `storage-version` for another layout, `storage` for a wrong length. */
export function decodeTokens(bytes: ArrayBuffer): TokenVectors {
  const [count = 0, dim = 0] = checkHeader(
    bytes,
    KIND,
    2,
    ([count = 0, dim = 0]) => count * (4 + dim),
  );
  const scales = new Float32Array(bytes, HEADER_BYTES, count);
  const numbers = new Int8Array(bytes, HEADER_BYTES + 4 * count);
  const data = Float32Array.from(
    numbers,
    (value, index) => value * (scales[Math.floor(index / dim)] ?? 0),
  );
  return { data, count, dim };
}
