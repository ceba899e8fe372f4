/** Where the good answers end: a ranking has no end of its own. */
import type { Photo } from './photo';

/**
 * How far up a photo must be, from the average score (0) to the best (1). No fixed score would do:
 * averages differ by 0.2 between queries. On the sample photos this keeps the right ones.
 */
const SHARE = 0.75;

export interface Matches {
  readonly best: readonly Photo[];
  readonly others: readonly Photo[];
}

/** Splits photos that are ranked best first; there is always one among the best. */
export function splitMatches(ranked: readonly Photo[]): Matches {
  const scores = ranked.map((photo) => photo.score ?? 0);
  const top = scores[0] ?? 0;
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  const limit = mean + SHARE * (top - mean);
  const end = scores.findIndex((score) => score < limit);
  return end === -1
    ? { best: ranked, others: [] }
    : { best: ranked.slice(0, end), others: ranked.slice(end) };
}
