/** Takes texts of any language apart into words. */
import { foldWord } from './fold-word';

/** A word of a text, as it is compared. */
export interface Word {
  readonly term: string;
  /**
   * What it is made of, by which it is found as well: of `IMG2024` the runs `img` and `2024`, of
   * `beachParty` its words, of `子犬` its characters. Empty for a word of one part.
   */
  readonly parts: readonly string[];
}

/** Letters with their marks, and numerals: file names break at `_`, `-` and `.`. */
const RUNS = /[\p{L}\p{M}\p{N}]+/gu;
/** Most words of many texts: nothing is to be done with them. */
const PLAIN = /^[a-z]+$/u;
/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const HAN = /\p{sc=Han}/u;
/** Breaks between letters and numerals, and before the capital of a word, as in Lucene's WordDelimiterGraphFilter. */
const PARTS = /\p{N}+|\p{Lu}+[^\p{Lu}\p{N}]*|[^\p{Lu}\p{N}]+/gu;

/** The words of a text, in its order. */
export function* splitWords(text: string): Generator<Word, void> {
  for (const run of text.normalize('NFKC').match(RUNS) ?? []) {
    if (PLAIN.test(run)) yield { term: run, parts: [] };
    else if (UNSPACED.test(run)) yield* splitUnspaced(run);
    else yield* wordOf(run, run.match(PARTS) ?? []);
  }
}

/**
 * By the browser's dictionaries. Where it has none (before Firefox 125), every two neighbouring
 * characters are a word, as in Lucene's CJKAnalyzer.
 */
function* splitUnspaced(run: string): Generator<Word, void> {
  for (const piece of segmenter === null ? pairsOf(run) : segmenter.segment(run)) {
    const { segment } = piece;
    // One Han character is a word in many texts, and part of a longer one in others.
    if (UNSPACED.test(segment)) yield* wordOf(segment, Array.from(segment).filter(isHan));
    else yield* wordOf(segment, segment.match(PARTS) ?? []);
  }
}

const segmenter = makeSegmenter();

function makeSegmenter(): Intl.Segmenter | null {
  // Absent in some browsers, whatever the type says. Dictionaries go by script, not by the locale.
  const { Segmenter } = Intl as { Segmenter?: typeof Intl.Segmenter };
  return Segmenter === undefined ? null : new Segmenter('en', { granularity: 'word' });
}

function* pairsOf(run: string): Generator<{ readonly segment: string }, void> {
  const characters = Array.from(run);
  if (characters.length === 1) yield { segment: run };
  for (let index = 0; index + 1 < characters.length; index++) {
    yield { segment: characters.slice(index, index + 2).join('') };
  }
}

function* wordOf(text: string, pieces: readonly string[]): Generator<Word, void> {
  const term = foldWord(text);
  if (term === '') return;
  const parts = pieces.map(foldWord).filter((part) => part !== '' && part !== term);
  yield { term, parts };
}

function isHan(character: string): boolean {
  return HAN.test(character);
}
