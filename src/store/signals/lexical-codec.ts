/**
 * Stored token weights of a text: a header of 12 bytes, then `count` token ids and their weights, all
 * little-endian. Float16 keeps weights to three digits, which is more than the model means.
 *
 * | byte | type   | what                              |
 * |------|--------|-----------------------------------|
 * | 0    | uint32 | magic, the characters `PGLW`      |
 * | 4    | uint16 | version of this layout            |
 * | 6    | uint16 | number type: 1 = float16          |
 * | 8    | uint32 | count                             |
 * | 12   | uint32 | ids, ascending                    |
 * |      | uint16 | weights as the bits of float16    |
 */
import { encodeFloat16 } from '../../core/codes/float16';
import type { LexicalWeights } from '../../core/lexical-weights';
import { checkHeader, writeHeader } from './signal-header';

const KIND = { magic: 0x57_4c_47_50, name: 'PGLW', version: 1, numberType: 1 };
const HEADER_BYTES = 12;
const BYTES_PER_TOKEN = 6;
/** Of float16: a weight that is less is none. */
const SMALLEST = 2 ** -24;

/** Token weights as they are stored. */
export interface PackedWeights {
  /** Ascending. */
  readonly ids: Uint32Array;
  /** Bits of float16, one per id. */
  readonly weights: Uint16Array;
}

export function encodeLexical({ ids, weights }: LexicalWeights): ArrayBuffer {
  const kept = Array.from(ids.keys()).filter((index) => (weights[index] ?? 0) >= SMALLEST);
  const bytes = new ArrayBuffer(HEADER_BYTES + kept.length * BYTES_PER_TOKEN);
  writeHeader(bytes, KIND, [kept.length]);
  new Uint32Array(bytes, HEADER_BYTES, kept.length).set(kept.map((index) => ids[index] ?? 0));
  const values = Float32Array.from(kept, (index) => weights[index] ?? 0);
  new Uint16Array(bytes, HEADER_BYTES + 4 * kept.length).set(encodeFloat16(values));
  return bytes;
}

/** Views on `bytes`. Throws `storage-version` for another layout, `storage` for a wrong length. */
export function decodeLexical(bytes: ArrayBuffer): PackedWeights {
  const [count = 0] = checkHeader(bytes, KIND, 1, ([count = 0]) => count * BYTES_PER_TOKEN);
  return {
    ids: new Uint32Array(bytes, HEADER_BYTES, count),
    weights: new Uint16Array(bytes, HEADER_BYTES + 4 * count, count),
  };
}
