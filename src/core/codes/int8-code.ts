/**
 * One byte per number of a vector, and a scale per vector: the number is about `scale · code`.
 *
 * ## Layout
 *
 * - **codes**: `dimension` int8 per row, −127 … 127; rows one behind the other.
 * - **scales**: one float32 per row, the largest |number| / 127; 0 for a row of zeros.
 *
 * The dot product of two such vectors is the product of their scales with the dot product of their
 * codes, an integer. A number is off by half a scale at most, so a product with a vector q of length
 * 1 by `scale/2 · √dimension` at the very most, and by about `scale/√12`.
 */
import { PhotoglotError } from '../../errors';

/** The largest code; −128 is not used, so that a vector and its opposite have opposite codes. */
export const INT8_LEVELS = 127;

/** Codes of rows, in the layout above. */
export interface Int8Codes {
  readonly codes: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Writes the code of `vector` as row `row` of `codes`. Throws `invalid-input` for numbers that are not
 * finite; `codes` is as before then.
 */
export function encodeInt8(vector: Float32Array, codes: Int8Codes, row: number): void {
  let largest = 0;
  for (const value of vector) {
    if (!Number.isFinite(value)) {
      throw new PhotoglotError(
        'invalid-input',
        `A vector has the number ${value}; all must be finite.`,
      );
    }
    largest = Math.max(largest, Math.abs(value));
  }
  const scale = Math.fround(largest / INT8_LEVELS);
  const first = row * vector.length;
  codes.scales[row] = scale;
  for (let index = 0; index < vector.length; index++) {
    const ratio = scale === 0 ? 0 : (vector[index] ?? 0) / scale;
    // A scale that was rounded down may give a little more than the largest code.
    codes.codes[first + index] = Math.max(-INT8_LEVELS, Math.min(INT8_LEVELS, Math.round(ratio)));
  }
}

/** Row `row` of `codes` as floats, into `target` of `dimension` numbers. */
export function decodeInt8(codes: Int8Codes, row: number, target: Float32Array): void {
  const scale = codes.scales[row] ?? 0;
  const first = row * target.length;
  for (let index = 0; index < target.length; index++) {
    target[index] = scale * (codes.codes[first + index] ?? 0);
  }
}

/** The dot product of row `row` of `codes` with row `queryRow` of `query`, of `dimension` numbers each. */
export function scoreInt8(
  codes: Int8Codes,
  row: number,
  query: Int8Codes,
  queryRow: number,
  dimension: number,
): number {
  const [rowStart, queryStart] = [row * dimension, queryRow * dimension];
  let sum = 0;
  for (let index = 0; index < dimension; index++) {
    sum += (codes.codes[rowStart + index] ?? 0) * (query.codes[queryStart + index] ?? 0);
  }
  return sum * ((codes.scales[row] ?? 0) * (query.scales[queryRow] ?? 0));
}
