/**
 * The pieces of a vocabulary, to find all that a text has at a place. A trie in flat arrays, 10
 * bytes per node; one JavaScript Map per node, as the library has it, takes over 30 times that.
 */
import { buildPieceTrie, type TrieArrays } from './build-piece-trie';

/** What `match` found; reused from call to call. */
export interface PieceMatches {
  count: number;
  /** Where each match ends in the text, ascending. */
  readonly ends: Int32Array;
  /** The id of each match. */
  readonly ids: Int32Array;
}

/** Pieces by their places, which are their ids; of equal pieces the last one is found. */
export class PieceTrie {
  readonly #arrays: TrieArrays;
  /** First unit → node, or 0: every search begins here, and the root has thousands of children. */
  readonly #roots = new Int32Array(0x10000);
  readonly #longest: number;

  constructor(pieces: readonly string[]) {
    this.#arrays = buildPieceTrie(pieces);
    this.#longest = pieces.reduce((longest, piece) => Math.max(longest, piece.length), 0);
    const { labels, firstChild } = this.#arrays;
    for (let node = 1; node < (firstChild[1] as number); node++)
      this.#roots[labels[node] as number] = node;
  }

  /** Room for what `match` finds at one place. */
  createMatches(): PieceMatches {
    const room = this.#longest;
    return { count: 0, ends: new Int32Array(room), ids: new Int32Array(room) };
  }

  /** Finds all pieces that `text` has at `start`, the shortest first. */
  match(text: string, start: number, matches: PieceMatches): void {
    const { ids } = this.#arrays;
    matches.count = 0;
    let node = this.#roots[text.charCodeAt(start)] ?? 0;
    for (let at = start + 1; node !== 0; at++) {
      const id = ids[node] as number;
      if (id >= 0) {
        matches.ends[matches.count] = at;
        matches.ids[matches.count++] = id;
      }
      node = at < text.length ? this.#child(node, text.charCodeAt(at)) : 0;
    }
  }

  /** The id of the piece that is `text`, or -1. */
  find(text: string): number {
    let node = text.length > 0 ? (this.#roots[text.charCodeAt(0)] as number) : 0;
    for (let at = 1; at < text.length && node !== 0; at++)
      node = this.#child(node, text.charCodeAt(at));
    return node === 0 ? -1 : (this.#arrays.ids[node] as number);
  }

  /** The piece of an id, or null; put together from the trie, so that no string need be kept. */
  piece(id: number): string | null {
    let node = this.#arrays.nodes[id];
    if (node === undefined) return null;
    let piece = '';
    while (node !== 0) {
      piece = String.fromCharCode(this.#arrays.labels[node] as number) + piece;
      node = this.#parent(node);
    }
    return piece;
  }

  /** The child of `node` by `unit`, or 0. */
  #child(node: number, unit: number): number {
    const { labels, firstChild } = this.#arrays;
    const end = firstChild[node + 1] as number;
    let low = firstChild[node] as number;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((labels[middle] as number) < unit) low = middle + 1;
      else high = middle;
    }
    return low < end && labels[low] === unit ? low : 0;
  }

  /** The last node whose first child is not behind `node`. */
  #parent(node: number): number {
    const { firstChild } = this.#arrays;
    let low = 0;
    let high = node;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firstChild[middle] as number) <= node) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
