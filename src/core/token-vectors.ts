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

/** The token vectors of several texts as those of one. Throws `dimension-mismatch`. */
export function joinTokenVectors(texts: readonly TokenVectors[]): TokenVectors {
  const dim = texts[0]?.dim ?? 0;
  const count = texts.reduce((sum, text) => sum + text.count, 0);
  const data = new Float32Array(count * dim);
  let offset = 0;
  for (const text of texts) {
    checkTokenVectors(text, "A text's vectors");
    if (text.dim !== dim) {
      throw new PhotoglotError(
        'dimension-mismatch',
        `Token vectors must have one dimension; got ${dim} and ${text.dim}.`,
      );
    }
    data.set(text.data, offset);
    offset += text.data.length;
  }
  return { data, count, dim };
}
