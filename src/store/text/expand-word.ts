/** Which terms of an index a word of a query stands for. */
import { editDistance } from './edit-distance';
import type { Vocabulary } from './vocabulary';

/** A term that a word stands for. */
export interface Expansion {
  /** In the vocabulary. */
  readonly number: number;
  /** How well the word stands for it, above 0; 1 for the word itself. */
  readonly likeness: number;
}

/** A word of a query, folded. */
export interface QueryWord {
  readonly term: string;
  /** The last word of what somebody types may go on. */
  readonly isLast: boolean;
}

/** UTF-16 units from which on a word may have one typo, and two: Meilisearch's `minWordSizeForTypos`. */
const ONE_TYPO = 5;
const TWO_TYPOS = 9;
/** Fewer letters begin too many words. Where a character is a syllable or a word, one is enough. */
const PREFIX_LETTERS = 3;
const UNFINISHED_LETTERS = 2;

const LETTERS = /^\p{L}+$/u;
const SYLLABLES = /[\p{sc=Han}\p{sc=Hangul}\p{scx=Hiragana}\p{scx=Katakana}]/u;

/**
 * The word itself and the terms that begin with it, as words are not stemmed, and in most languages that
 * finds their other forms. The more follows, the less such a term counts. If there are none, terms with
 * a typo or two: letters only, as 2023 is no typo of 2024, and the first one right.
 */
export function expandWord(word: QueryWord, vocabulary: Vocabulary): Expansion[] {
  const { term } = word;
  if (!mayGoOn(word)) {
    const number = vocabulary.numberOf(term);
    if (number !== undefined) return [{ number, likeness: 1 }];
  } else {
    const begun = [...vocabulary.startingWith(term)].map((found) => ({
      number: vocabulary.numberOf(found) ?? 0,
      likeness: likenessOfPrefix(word, found),
    }));
    if (begun.length > 0) return begun;
  }
  return misspelt(term, vocabulary);
}

function mayGoOn({ term, isLast }: QueryWord): boolean {
  const fewest = isLast ? UNFINISHED_LETTERS : PREFIX_LETTERS;
  return term.length >= fewest || SYLLABLES.test(term);
}

/** The share of the term that the word has; of a last word, which is not to blame for the rest, half of that again. */
function likenessOfPrefix({ term, isLast }: QueryWord, found: string): number {
  const share = term.length / found.length;
  return isLast ? (1 + share) / 2 : share;
}

function misspelt(term: string, vocabulary: Vocabulary): Expansion[] {
  const edits = term.length < ONE_TYPO ? 0 : term.length < TWO_TYPOS ? 1 : 2;
  if (edits === 0 || !LETTERS.test(term)) return [];
  const [first = ''] = term;
  const expansions: Expansion[] = [];
  for (const found of vocabulary.startingWith(first)) {
    const distance = editDistance(term, found, edits);
    if (distance > edits) continue;
    const likeness = 1 - distance / term.length;
    expansions.push({ number: vocabulary.numberOf(found) ?? 0, likeness });
  }
  return expansions;
}
