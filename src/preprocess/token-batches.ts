/** Which texts run together, and what the model then takes. */
import { PhotoglotError } from '../errors';

/** Texts side by side, padded to the longest: `[count, length]` int64. */
export interface TokenBatch {
  readonly ids: BigInt64Array<ArrayBuffer>;
  /** 1 for a token, 0 for padding. */
  readonly mask: BigInt64Array<ArrayBuffer>;
  readonly count: number;
  readonly length: number;
}

/** What bounds a batch. */
export interface BatchLimits {
  /** Tokens of a batch, padding included: rows × the longest. At least 1. */
  readonly maxTokens: number;
  /** Texts of a batch, at least 1. */
  readonly maxRows: number;
}

/**
 * Texts may share a batch when the longest has at most 1.25 × the tokens of the shortest, and 8
 * more. So a batch never has more than 1.25 × its real tokens + 8 per text; the 8 let short texts,
 * whose runs cost about the same anyway, run together.
 */
const STRETCH = { factor: 1.25, tokens: 8 };

/**
 * Groups texts by length into the fewest batches that keep the limits and {@link STRETCH}. Returns
 * indices into `lengths`, each once; longest first, so that a lack of memory shows at the start. A
 * text longer than `maxTokens` goes alone. Depends on nothing but the arguments.
 *
 * Fewest, because the batch of the longest text may as well take the next longest: what they leave
 * behind fits wherever they were.
 *
 * @param lengths tokens of each text, special ones included, at least 1
 */
export function planBatches(lengths: readonly number[], limits: BatchLimits): number[][] {
  checkAtLeastOne(limits.maxTokens, 'The tokens of a batch');
  checkAtLeastOne(limits.maxRows, 'The texts of a batch');
  for (const length of lengths) checkAtLeastOne(length, 'The tokens of a text');
  const order = lengths
    .map((length, index) => ({ length, index }))
    .sort((left, right) => right.length - left.length || left.index - right.index);
  const batches: number[][] = [];
  let open: { readonly rows: number[]; readonly longest: number } | null = null;
  for (const { length, index } of order) {
    if (open === null || !fits(open.longest, open.rows.length + 1, length, limits)) {
      open = { rows: [], longest: length };
      batches.push(open.rows);
    }
    open.rows.push(index);
  }
  return batches;
}

/**
 * Texts side by side, padded to the longest: a text alone has no padding. No texts are an empty
 * batch.
 */
export function padTokens(rows: readonly (readonly number[])[], padId: number): TokenBatch {
  const length = rows.reduce((longest, row) => Math.max(longest, row.length), 0);
  const ids = new BigInt64Array(rows.length * length).fill(BigInt(padId));
  const mask = new BigInt64Array(rows.length * length);
  rows.forEach((row, index) => {
    ids.set(row.map(BigInt), index * length);
    mask.fill(1n, index * length, index * length + row.length);
  });
  return { ids, mask, count: rows.length, length };
}

function fits(longest: number, rows: number, shortest: number, limits: BatchLimits): boolean {
  return (
    rows <= limits.maxRows &&
    rows * longest <= limits.maxTokens &&
    longest <= STRETCH.factor * shortest + STRETCH.tokens
  );
}

function checkAtLeastOne(value: number, what: string): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new PhotoglotError(
    'invalid-input',
    `${what} must be an integer of at least 1; got ${value}.`,
  );
}
