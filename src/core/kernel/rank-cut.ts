/** Where to cut a scan by rank, so that just so many of the leading rows are left. */

/** Rows of a rank less than `rank` are all taken. */
export interface RankCut {
  readonly rank: number;
  /** How many rows of just that rank each part takes, its first ones. */
  readonly ties: readonly number[];
}

/**
 * The cut that leaves the `limit` leading rows; of equal ranks the earlier rows. Counting needs no
 * heap: ranks are small integers.
 * @param histograms how often each rank occurs, per part of the scan, in the order of their rows
 */
export function cutByRank(histograms: readonly Uint32Array[], limit: number): RankCut {
  const ranks = histograms[0]?.length ?? 0;
  let left = limit;
  for (let rank = 0; rank < ranks; rank++) {
    let count = 0;
    for (const histogram of histograms) count += histogram[rank] ?? 0;
    if (count > left) return { rank, ties: shares(histograms, rank, left) };
    left -= count;
  }
  return { rank: ranks, ties: histograms.map(() => 0) };
}

/** The first `left` of the rows of that rank, part by part. */
function shares(histograms: readonly Uint32Array[], rank: number, left: number): number[] {
  let rest = left;
  return histograms.map((histogram) => {
    const share = Math.min(histogram[rank] ?? 0, rest);
    rest -= share;
    return share;
  });
}
