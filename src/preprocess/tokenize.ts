/** Texts to the text tower's input. */
import { Tokenizer } from '@huggingface/tokenizers';
import { PhotoglotError } from '../errors';

/** Texts side by side, padded to the longest: `[count, length]` int64. */
export interface TokenBatch {
  readonly ids: BigInt64Array<ArrayBuffer>;
  /** 1 for a token, 0 for padding; every row has a 1. */
  readonly mask: BigInt64Array<ArrayBuffer>;
  readonly count: number;
  readonly length: number;
}

/** What a manifest says about tokens. */
export interface TokenLimits {
  /** Longer texts are cut. */
  readonly maxTokens: number;
  readonly padId: number;
}

/** Turns texts into a batch. */
export type Tokenize = (texts: readonly string[]) => TokenBatch;

/**
 * Makes a tokenizer of a parsed Hugging Face `tokenizer.json`; throws `session-failed` when it
 * is none.
 */
export function createTokenize(json: unknown, limits: TokenLimits): Tokenize {
  const tokenizer = construct(json);
  return (texts) =>
    pad(
      texts.map((text) => idsOf(tokenizer, text, limits)),
      limits.padId,
    );
}

function construct(json: unknown): Tokenizer {
  try {
    return new Tokenizer(json as object, {});
  } catch (thrown) {
    const message = 'The tokenizer.json of the model cannot be used.';
    throw new PhotoglotError('session-failed', message, { cause: thrown });
  }
}

function idsOf(tokenizer: Tokenizer, text: string, { maxTokens, padId }: TokenLimits): number[] {
  const { ids } = tokenizer.encode(text);
  // Nothing left after normalisation: one token all the same, as a mean over none is no number.
  return ids.length === 0 ? [padId] : ids.slice(0, maxTokens);
}

function pad(rows: readonly (readonly number[])[], padId: number): TokenBatch {
  const length = rows.reduce((longest, row) => Math.max(longest, row.length), 0);
  const ids = new BigInt64Array(rows.length * length).fill(BigInt(padId));
  const mask = new BigInt64Array(rows.length * length);
  rows.forEach((row, index) => {
    ids.set(row.map(BigInt), index * length);
    mask.fill(1n, index * length, index * length + row.length);
  });
  return { ids, mask, count: rows.length, length };
}
