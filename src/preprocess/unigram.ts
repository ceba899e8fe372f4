/** Cuts a text into the pieces of a Unigram vocabulary that are together the likeliest. */
import { PieceTrie, type PieceMatches } from './piece-trie';
import { widthOf } from './graphemes';

/** A vocabulary: pieces and their log probabilities by id. */
export interface UnigramVocabulary {
  readonly pieces: readonly string[];
  readonly scores: Float64Array;
  /** The id of what no piece covers. */
  readonly unknown: number;
}

/** How much less an unknown character scores than the worst piece. */
const UNKNOWN_PENALTY = 10;

/**
 * Viterbi's algorithm, in float64 and with the tie-breaking of the Hugging Face tokenizers: of
 * equal scores the one that was found first stays, which is the one with the longer last piece.
 * SentencePiece adds in float32, and so may cut otherwise what is nearly a tie.
 */
export class Unigram {
  readonly #trie: PieceTrie;
  readonly #scores: Float64Array;
  readonly #unknown: number;
  readonly #unknownScore: number;
  readonly #matches: PieceMatches;
  /** Per place in the text: the best score of all before it, its last piece and where that begins. */
  #best = new Float64Array(0);
  #lastId = new Int32Array(0);
  #lastStart = new Int32Array(0);

  constructor({ pieces, scores, unknown }: UnigramVocabulary) {
    this.#trie = new PieceTrie(pieces);
    this.#scores = scores;
    this.#unknown = unknown;
    this.#unknownScore =
      scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
    this.#matches = this.#trie.createMatches();
  }

  /** Appends the ids of a well-formed text to `ids`; unknown characters side by side are one. */
  encode(text: string, ids: number[]): void {
    this.#reserve(text.length + 1);
    this.#search(text);
    this.#collect(text, ids);
  }

  /** The piece of an id; null for an id out of range. */
  piece(id: number): string | null {
    return this.#trie.piece(id);
  }

  #search(text: string): void {
    const { ends, ids } = this.#matches;
    for (let start = 0; start < text.length;) {
      const before = this.#best[start] as number;
      const next = start + widthOf(text.codePointAt(start) as number);
      this.#trie.match(text, start, this.#matches);
      let covered = false;
      for (let index = 0; index < this.#matches.count; index++) {
        const id = ids[index] as number;
        const end = ends[index] as number;
        covered ||= end === next;
        this.#offer(start, end, id, (this.#scores[id] as number) + before);
      }
      if (!covered) this.#offer(start, next, this.#unknown, this.#unknownScore + before);
      start = next;
    }
  }

  #offer(start: number, end: number, id: number, score: number): void {
    if (this.#lastStart[end] !== NOWHERE && score <= (this.#best[end] as number)) return;
    this.#best[end] = score;
    this.#lastId[end] = id;
    this.#lastStart[end] = start;
  }

  #collect(text: string, ids: number[]): void {
    const found: number[] = [];
    for (let end = text.length; end > 0;) {
      let start = this.#lastStart[end] as number;
      let id = this.#lastId[end] as number;
      if (id === this.#unknown) {
        while (start > 0 && this.#lastId[start] === id) start = this.#lastStart[start] as number;
        // The run as a whole may be a piece, if pieces score worse than unknown characters.
        const whole = this.#trie.find(text.slice(start, end));
        if (whole >= 0) id = whole;
      }
      found.push(id);
      end = start;
    }
    for (let index = found.length - 1; index >= 0; index--) ids.push(found[index] as number);
  }

  #reserve(places: number): void {
    if (this.#best.length < places) {
      const room = 2 * places;
      this.#best = new Float64Array(room);
      this.#lastId = new Int32Array(room);
      this.#lastStart = new Int32Array(room);
    }
    this.#lastStart.fill(NOWHERE, 0, places);
  }
}

const NOWHERE = -1;
