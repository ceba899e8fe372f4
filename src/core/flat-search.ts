import type { Bitset } from './bitset';
import type { RowMatrix } from './row-matrix';
import { TopK, type ScoredRow } from './top-k';

/**
 * The `limit` rows with the highest dot product, best first; of equal scores the earlier row.
 * Exact: every row is scored. With `rows` only these are in the result; its length is the
 * matrix's count. Null for all.
 */
export function flatSearch(
  matrix: RowMatrix,
  query: Float32Array,
  limit: number,
  rows: Bitset | null,
): ScoredRow[] {
  const best = new TopK(limit);
  let { floor } = best;
  matrix.score(query, (scores, firstRow) => {
    const offer = (index: number): void => {
      const score = scores[index] ?? -Infinity;
      if (score <= floor) return;
      best.offer(firstRow + index, score);
      floor = best.floor;
    };
    if (rows === null) {
      for (let index = 0; index < scores.length; index++) offer(index);
    } else {
      rows.forEach((row) => offer(row - firstRow), firstRow, firstRow + scores.length);
    }
  });
  return best.sorted();
}
