import type { RowMatrix } from './row-matrix';
import { TopK, type ScoredRow } from './top-k';

/**
 * The `limit` rows with the highest dot product, best first; of equal scores the earlier row.
 * Exact: every row is scored. `accept` is asked only about rows that would enter the result, so
 * a filter costs little unless it lets few rows pass.
 */
export function flatSearch(
  matrix: RowMatrix,
  query: Float32Array,
  limit: number,
  accept: ((row: number) => boolean) | null,
): ScoredRow[] {
  const best = new TopK(limit);
  let { floor } = best;
  matrix.score(query, (scores, firstRow) => {
    for (let index = 0; index < scores.length; index++) {
      const score = scores[index] ?? -Infinity;
      if (score <= floor) continue;
      if (accept !== null && !accept(firstRow + index)) continue;
      best.offer(firstRow + index, score);
      floor = best.floor;
    }
  });
  return best.sorted();
}
