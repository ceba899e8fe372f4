/** Exact search by token weights over the rows of a collection: an inverted index in memory. */
import type { Bitset } from '../../core/bitset';
import { decodeFloat16 } from '../../core/codes/float16';
import type { LexicalWeights } from '../../core/lexical-weights';
import { TopK, type ScoredRow } from '../../core/top-k';
import { DocumentTable } from '../document-table';
import type { PackedWeights } from '../signals/lexical-codec';
import { WeightList } from './weight-list';

export class SparseIndex {
  readonly #documents = new DocumentTable();
  /** By token. */
  #lists = new Map<number, WeightList>();

  /** Whether the row has any weights. */
  has(row: number): boolean {
    return this.#documents.has(row);
  }

  /** The row has these weights, whatever it had before. */
  put(row: number, { ids, weights }: PackedWeights): void {
    this.remove(row);
    if (ids.length === 0) return;
    const document = this.#documents.add(row);
    ids.forEach((token, index) => {
      this.#listOf(token).add(document, weights[index] ?? 0);
    });
  }

  /** The row is no more, or has no weights. */
  remove(row: number): void {
    this.#documents.remove(row);
    if (this.#documents.isWorthCompacting) this.#compact();
  }

  /**
   * The rows that share tokens with the query, the best first; of equal ones the earlier. Scores are those
   * of `lexicalScore`, to the last bit: sums of the same products in the same order.
   *
   * @param limit at most so many
   * @param rows which to look at; null for all
   */
  search(query: LexicalWeights, limit: number, rows: Bitset | null): ScoredRow[] {
    const scores = this.#score(query);
    const best = new TopK(limit);
    scores.forEach((score, document) => {
      if (score <= 0) return;
      const row = this.#documents.rowOf(document);
      if (row >= 0 && (rows === null || rows.has(row))) best.offer(row, score);
    });
    return best.sorted();
  }

  /** Per document. */
  #score({ ids, weights }: LexicalWeights): Float64Array {
    const scores = new Float64Array(this.#documents.size);
    ids.forEach((token, index) => {
      const list = this.#lists.get(token);
      if (list === undefined) return;
      const { documents } = list;
      const values = new Float32Array(documents.length);
      decodeFloat16(list.weights, values);
      const weight = weights[index] ?? 0;
      for (let place = 0; place < documents.length; place++) {
        const document = documents[place] ?? 0;
        scores[document] = (scores[document] ?? 0) + weight * (values[place] ?? 0);
      }
    });
    return scores;
  }

  #listOf(token: number): WeightList {
    const known = this.#lists.get(token);
    if (known !== undefined) return known;
    const list = new WeightList();
    this.#lists.set(token, list);
    return list;
  }

  #compact(): void {
    const numbers = this.#documents.compact();
    const before = this.#lists;
    this.#lists = new Map();
    before.forEach(({ documents, weights }, token) => {
      documents.forEach((document, place) => {
        const number = numbers[document] ?? -1;
        if (number >= 0) this.#listOf(token).add(number, weights[place] ?? 0);
      });
    });
  }
}
