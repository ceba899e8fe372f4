/** Scores of rows of float32. */
import { place } from './rows';

/**
 * Scores [to − from] float32 of the rows whose numbers are list[from] to list[to − 1] (uint32), or
 * without a list (0) of the rows `from` to `to`: the dot product of query and row, both
 * [dimension] float32. The row at `rows` has the number `first`.
 *
 * Summed in the order of dot.wat, so that both give the same to the last bit: 16 lanes, what is left
 * four at a time, then one by one.
 */
export function floatScores(
  from: i32,
  to: i32,
  list: usize,
  first: i32,
  rows: usize,
  dimension: i32,
  query: usize,
  scores: usize,
): void {
  const size = <usize>dimension << 2;
  const size16 = size & -64;
  const size4 = size & -16;
  for (let index = from; index < to; index++) {
    const row = rows + <usize>(place(list, index) - first) * size;
    let a = f32x4.splat(0), b = a, c = a, d = a;
    let k: usize = 0;
    for (; k < size16; k += 64) {
      a = f32x4.add(a, f32x4.mul(v128.load(query + k), v128.load(row + k)));
      b = f32x4.add(b, f32x4.mul(v128.load(query + k, 16), v128.load(row + k, 16)));
      c = f32x4.add(c, f32x4.mul(v128.load(query + k, 32), v128.load(row + k, 32)));
      d = f32x4.add(d, f32x4.mul(v128.load(query + k, 48), v128.load(row + k, 48)));
    }
    for (; k < size4; k += 16) {
      a = f32x4.add(a, f32x4.mul(v128.load(query + k), v128.load(row + k)));
    }
    a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    let sum: f32 =
      f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) +
      (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
    for (; k < size; k += 4) sum += load<f32>(query + k) * load<f32>(row + k);
    store<f32>(scores, sum);
    scores += 4;
  }
}
