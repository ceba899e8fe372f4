/**
 * What one writes without a library: every row's dot product, and the best kept in order.
 * @param rows one behind the other, as long as the query each
 */
export function bestRows(rows: Float32Array, query: Float32Array, limit: number): number[] {
  const dimension = query.length;
  const best: { row: number; score: number }[] = [];
  for (let row = 0, start = 0; start < rows.length; row++, start += dimension) {
    let score = 0;
    for (let at = 0; at < dimension; at++) {
      score += (query[at] as number) * (rows[start + at] as number);
    }
    const last = best[limit - 1];
    if (last !== undefined && score <= last.score) continue;
    const place = best.findIndex((other) => score > other.score);
    best.splice(place < 0 ? best.length : place, 0, { row, score });
    best.length = Math.min(best.length, limit);
  }
  return best.map(({ row }) => row);
}
