/** Where to cut a scan by rank, so that just so many of the leading rows are left. */

/** Rows of a rank less than `rank` are all taken. */
export interface RankCut {
  readonly rank: number;
  /** How many rows of just that rank are taken, the first ones. */
  readonly ties: number;
}

/**
 * The cut that leaves the `limit` leading rows; of equal ranks the earlier rows. Counting needs no
 * heap: ranks are small integers.
 * @param histogram how often each rank occurs
 */
export function cutByRank(histogram: Uint32Array, limit: number): RankCut {
  let left = limit;
  for (let rank = 0; rank < histogram.length; rank++) {
    const count = histogram[rank] ?? 0;
    if (count > left) return { rank, ties: left };
    left -= count;
  }
  return { rank: histogram.length, ties: 0 };
}
