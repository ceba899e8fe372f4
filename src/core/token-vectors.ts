/** One vector per token of a text, as a ColBERT head gives them. */
import { PhotoglotError } from '../errors';

/** Row i is `data.subarray(i * dim, (i + 1) * dim)`. The protocol's `Rows` are of this shape. */
export interface TokenVectors {
  /** `count × dim` numbers, each row of length 1. */
  readonly data: Float32Array;
  readonly count: number;
  readonly dim: number;
}

/** Throws `dimension-mismatch` when `data` is not `count` rows of `dim` numbers. */
export function checkTokenVectors({ data, count, dim }: TokenVectors, whose: string): void {
  if (dim > 0 && data.length === count * dim) return;
  throw new PhotoglotError(
    'dimension-mismatch',
    `${whose} must be ${count} vectors of ${dim} numbers each, at least one number; ` +
      `got ${data.length} numbers.`,
  );
}
