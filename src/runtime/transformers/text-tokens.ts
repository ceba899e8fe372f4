/** Tokens as transformers.js gives them, brought to the length that a model takes. */
import { PhotoglotError } from '../../errors';
import { padTokens, type TokenBatch } from '../../preprocess/token-batches';

/** What is needed of a tokenizer and of the model behind it. */
export interface TokenRules {
  readonly maxTokens: number;
  readonly padId: number;
  /** `full`: every text has `maxTokens`. */
  readonly padding: 'longest' | 'full';
  readonly specialIds: ReadonlySet<number>;
}

/**
 * At most `maxTokens`. A special token at the end stays there: CLIP takes a text's vector from its
 * end-of-text token, which transformers.js's own truncation cuts off.
 */
export function cutTokens(
  ids: readonly number[],
  { maxTokens, specialIds }: TokenRules,
): readonly number[] {
  if (ids.length <= maxTokens) return ids;
  const last = ids.at(-1);
  return last !== undefined && specialIds.has(last)
    ? [...ids.slice(0, maxTokens - 1), last]
    : ids.slice(0, maxTokens);
}

/** Texts side by side, padded at the end. */
export function padToLength(
  rows: readonly (readonly number[])[],
  { maxTokens, padId, padding }: TokenRules,
): TokenBatch {
  if (padding === 'longest') return padTokens(rows, padId);
  const full = padTokens([...rows, new Array<number>(maxTokens).fill(padId)], padId);
  const { ids, mask, length } = full;
  const count = rows.length;
  return { ids: ids.slice(0, count * length), mask: mask.slice(0, count * length), count, length };
}

/** The first of `limits` that is one; configurations leave it out, and some tokenizers say 10³⁰. */
export function tokenLimit(limits: readonly unknown[], fallback: number): number {
  const limit = limits.filter((each): each is number => isLimit(each));
  return limit.length === 0 ? fallback : Math.min(...limit);
}

function isLimit(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 1 && Number(value) < 100_000;
}

/** Throws `session-failed` without one: texts of unequal length could not run together. */
export function padIdOf(value: unknown): number {
  if (Number.isInteger(value)) return Number(value);
  const message = 'The tokenizer of this model has no token for padding.';
  throw new PhotoglotError('session-failed', message);
}
