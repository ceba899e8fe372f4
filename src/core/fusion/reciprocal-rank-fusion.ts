/**
 * Reciprocal rank fusion: one ranking of several, by ranks alone, so that their scores need no common
 * scale (Cormack, Clarke and Büttcher, “Reciprocal Rank Fusion outperforms Condorcet and individual Rank
 * Learning Methods”, SIGIR 2009).
 */

/** That of the paper; search engines took it over. */
const RANK_CONSTANT = 60;

/**
 * Σ 1 ÷ (60 + rank) of each key, over the rankings that have it; ranks count from 1.
 *
 * @param rankings each the best first, without repetition
 */
export function reciprocalRankFusion<Key>(
  rankings: readonly (readonly Key[])[],
): ReadonlyMap<Key, number> {
  const scores = new Map<Key, number>();
  for (const ranking of rankings) {
    ranking.forEach((key, index) => {
      scores.set(key, (scores.get(key) ?? 0) + 1 / (RANK_CONSTANT + index + 1));
    });
  }
  return scores;
}
