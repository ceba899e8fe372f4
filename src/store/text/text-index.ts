/** Full text search over the rows of a collection: an inverted index in memory, scored by BM25+. */
import type { Bitset } from '../../core/bitset';
import { TopK } from '../../core/top-k';
import { DocumentTable } from '../document-table';
import { inverseDocumentFrequency, termGain } from './bm25';
import { expandWord, type Expansion, type QueryWord } from './expand-word';
import { PostingLists } from './posting-lists';
import { splitWords, type Word } from './split-words';
import { Vocabulary } from './vocabulary';

/** Words of a query that count: each is looked for in all terms, one that is misspelt for some 10 ms. */
const QUERY_WORDS = 128;

/** A row with at least one of a query's words. */
export interface TextMatch {
  readonly row: number;
  /** BM25+: above 0, and of no scale. */
  readonly score: number;
  /**
   * The share of the query's words that the row has, 0…1: rare words count more, and those that are
   * only begun or misspelt less.
   */
  readonly coverage: number;
}

export class TextIndex {
  readonly #documents = new DocumentTable();
  readonly #vocabulary = new Vocabulary();
  readonly #postings = new PostingLists();
  /** Words per document; their parts do not count. */
  #lengths: number[] = [];
  /** Of the documents that are not dead. */
  #totalLength = 0;

  /** Whether the row has any text. */
  has(row: number): boolean {
    return this.#documents.has(row);
  }

  /** The row has this text, whatever it had before. */
  put(row: number, text: string): void {
    this.remove(row);
    const occurrences = new Map<string, number>();
    let length = 0;
    for (const { term, parts } of splitWords(text)) {
      length++;
      for (const each of [term, ...parts]) occurrences.set(each, (occurrences.get(each) ?? 0) + 1);
    }
    if (length === 0) return;
    const document = this.#documents.add(row);
    this.#lengths.push(length);
    this.#totalLength += length;
    for (const [term, count] of occurrences) {
      this.#postings.add(this.#vocabulary.add(term), document, count);
    }
  }

  /** The row is no more, or has no text. */
  remove(row: number): void {
    const document = this.#documents.documentOf(row);
    if (document < 0) return;
    this.#totalLength -= this.#lengths[document] ?? 0;
    this.#documents.remove(row);
    if (this.#documents.isWorthCompacting) this.#compact();
  }

  /**
   * The rows that have words of the text, the best first; of equal ones the earlier.
   *
   * @param limit at most so many
   * @param rows which to look at; null for all
   */
  search(text: string, limit: number, rows: Bitset | null): TextMatch[] {
    const { size } = this.#documents;
    const scores = new Float64Array(size);
    const covered = new Float64Array(size);
    let whole = 0;
    for (const expansions of this.#expand(firstWords(text))) {
      const weight = this.#weightOf(expansions);
      whole += weight;
      this.#score(expansions, (document, gain, likeness) => {
        scores[document] = (scores[document] ?? 0) + weight * gain;
        covered[document] = (covered[document] ?? 0) + weight * likeness;
      });
    }
    const best = new TopK(limit);
    for (let document = 0; document < size; document++) {
      const score = scores[document] ?? 0;
      if (score === 0) continue;
      const row = this.#documents.rowOf(document);
      if (rows === null || rows.has(row)) best.offer(row, score);
    }
    return best.sorted().map(({ row, score }) => {
      const coverage = (covered[this.#documents.documentOf(row)] ?? 0) / whole;
      return { row, score, coverage: Math.min(1, coverage) };
    });
  }

  /** What each of the words stands for, once for each; of a word that nothing has, that of its parts. */
  #expand(words: readonly Word[]): Expansion[][] {
    const last = words.at(-1)?.term;
    const expansionsOf = new Map<string, Expansion[]>();
    const expand = (term: string): Expansion[] => {
      const word: QueryWord = { term, isLast: term === last };
      return expandWord(word, this.#vocabulary);
    };
    for (const { term, parts } of words) {
      const expansions = expand(term);
      if (expansions.length > 0 || parts.length === 0) expansionsOf.set(term, expansions);
      else for (const part of parts) expansionsOf.set(part, expand(part));
    }
    return [...expansionsOf.values()];
  }

  /** That of the commonest: a typo is rare, which says nothing. */
  #weightOf(expansions: readonly Expansion[]): number {
    const having = expansions.map(({ number }) => {
      let count = 0;
      this.#postings.forEach(number, (document) => {
        count += +(this.#documents.rowOf(document) >= 0);
      });
      return count;
    });
    const most = having.reduce((left, right) => Math.max(left, right), 0);
    return inverseDocumentFrequency(this.#documents.count, most);
  }

  /** Calls `visit` once for each document that has one of the terms, with the best of what they gain it. */
  #score(
    expansions: readonly Expansion[],
    visit: (document: number, gain: number, likeness: number) => void,
  ): void {
    const averageLength = this.#totalLength / this.#documents.count;
    const bestOf = new Map<number, { gain: number; likeness: number }>();
    for (const { number, likeness } of expansions) {
      this.#postings.forEach(number, (document, occurrences) => {
        if (this.#documents.rowOf(document) < 0) return;
        const relativeLength = (this.#lengths[document] ?? 0) / averageLength;
        const gain = likeness * termGain(occurrences, relativeLength);
        if (expansions.length === 1) {
          visit(document, gain, likeness);
          return;
        }
        const best = bestOf.get(document);
        if (best === undefined) bestOf.set(document, { gain, likeness });
        else {
          best.gain = Math.max(best.gain, gain);
          best.likeness = Math.max(best.likeness, likeness);
        }
      });
    }
    bestOf.forEach(({ gain, likeness }, document) => {
      visit(document, gain, likeness);
    });
  }

  /** Terms that only dead documents had stay, as they cost little and may come again. */
  #compact(): void {
    const lengths = this.#lengths;
    const numbers = this.#documents.compact();
    this.#lengths = [];
    numbers.forEach((number, document) => {
      if (number >= 0) this.#lengths[number] = lengths[document] ?? 0;
    });
    this.#postings.renumber(numbers);
  }
}

function firstWords(text: string): Word[] {
  const words: Word[] = [];
  for (const word of splitWords(text)) {
    words.push(word);
    if (words.length === QUERY_WORDS) break;
  }
  return words;
}
