/**
 * How a collection is searched: by which numbers, and how many of its rows are looked at again. It
 * follows from how large the collection is; nobody has to choose.
 *
 * The constants come from measurements of recall@10, where a hit counts if its exact score is no more
 * than 0.001 below the exact tenth. With them it is 0.999 and more for vectors of `mini`: pictures
 * against 1,000,000 texts, texts against texts, and texts against 1,000,000 pictures (mixtures of the
 * vectors of 26,000). It is 0.99 for a million vectors of 1,024 numbers with the same spectrum, drawn
 * independently, so that queries have no true match; and 0.7 for vectors without any structure,
 * normally distributed in 1,024 dimensions.
 */

/**
 * By which numbers all rows are scored.
 *
 * - `float32`: the vectors themselves. Exact.
 * - `binary`: bits (`binary-code.ts`) in two passes, then the vectors of the best rows.
 */
export type CodeMode = 'float32' | 'binary';

/** While vectors take no more, they are scored as they are, in some 3 ms on one thread. */
const FLOAT32_BYTES = 64 * 1024 * 1024;

/** How far a row that belongs to the best falls behind by bits: 510 for ten hits, 750 for fifty. */
const RESCORED = { always: 450, perHit: 6 };

/** Of which reading takes 10 ms, about; more hits than that are read all the same. */
const MOST_RESCORED = 1024;

/** Candidates of the first pass: one row of 100, but not too few where rows are few or hits many. */
const CANDIDATES = { oneOf: 100, perRescored: 12 };

/** How many rows of a scan are looked at again, in the order of the passes. */
export interface SearchDepth {
  /** Rows that the second pass scores, the best of the first. */
  readonly candidates: number;
  /** Rows whose vectors are read and scored exactly, the best of the second. */
  readonly rescored: number;
}

/** By which numbers `count` vectors of `dimension` numbers are searched. */
export function codeMode(count: number, dimension: number): CodeMode {
  const bytes = count * dimension * Float32Array.BYTES_PER_ELEMENT;
  return bytes <= FLOAT32_BYTES ? 'float32' : 'binary';
}

/**
 * How deep `binary` has to look for the best `limit` rows.
 * @param eligible how many rows may be found: all, or those that a filter accepts. Where `rescored`
 *   is as many, the passes before can be left out.
 */
export function searchDepth(eligible: number, limit: number): SearchDepth {
  const { always, perHit } = RESCORED;
  const enough = Math.max(limit, Math.min(MOST_RESCORED, always + perHit * limit));
  const rescored = Math.min(eligible, enough);
  const { oneOf, perRescored } = CANDIDATES;
  const candidates = Math.max(Math.ceil(eligible / oneOf), perRescored * rescored);
  return { candidates: Math.min(eligible, candidates), rescored };
}
