/** Tokens that the loaded language packs do not have. */
import type { TextTokenizer } from '../preprocess/text-tokenizer';
import type { TextParts } from './text-runner';

/** SentencePiece's sign for the beginning of a word. */
const WORD_START = '▁';

export interface KnownTokens {
  /** With the unknown token in the place of what is missing. */
  readonly known: readonly number[];
  /** Pieces of text that are missing, each once. */
  readonly missing: readonly string[];
}

/** All of them, where the table of words is whole. */
export function knownTokens(
  ids: readonly number[],
  { has, tokenizer }: Pick<TextParts, 'has' | 'tokenizer'>,
): KnownTokens {
  const missing = new Set(ids.filter((id) => !has(id)));
  if (missing.size === 0) return { known: ids, missing: [] };
  return {
    known: ids.map((id) => (missing.has(id) ? tokenizer.unknown : id)),
    missing: [...new Set([...missing].map((id) => textOf(id, tokenizer)))],
  };
}

function textOf(id: number, tokenizer: TextTokenizer): string {
  return (tokenizer.piece(id) ?? '').replaceAll(WORD_START, '');
}
