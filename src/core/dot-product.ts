/** The dot product of two ranges, summed in float64. */

/** Four sums side by side: one would wait for each addition before the next. */
export function dotProduct(
  left: Float32Array,
  leftStart: number,
  right: Float32Array,
  rightStart: number,
  length: number,
): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    const from = leftStart + index;
    const to = rightStart + index;
    first += (left[from] ?? 0) * (right[to] ?? 0);
    second += (left[from + 1] ?? 0) * (right[to + 1] ?? 0);
    third += (left[from + 2] ?? 0) * (right[to + 2] ?? 0);
    fourth += (left[from + 3] ?? 0) * (right[to + 3] ?? 0);
  }
  for (; index < length; index++) {
    first += (left[leftStart + index] ?? 0) * (right[rightStart + index] ?? 0);
  }
  return first + second + (third + fourth);
}
