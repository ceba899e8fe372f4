/** What is defined in `binary-code.ts`, in plain loops and float64: what faster ones are held to. */
import type { BinaryCodes, BinaryQuery } from './binary-code';

/** How many bits of row `row` and the query differ. */
export function hammingDistance(codes: BinaryCodes, row: number, query: BinaryQuery): number {
  const first = row * query.bits.length;
  let distance = 0;
  for (let index = 0; index < query.bits.length; index++) {
    let different = (codes.bits[first + index] ?? 0) ^ (query.bits[index] ?? 0);
    for (; different !== 0; different &= different - 1) distance++;
  }
  return distance;
}

/** The first pass: the dot product of row `row` with the query, roughly. */
export function roughScore(
  codes: BinaryCodes,
  row: number,
  query: BinaryQuery,
  bits: number,
): number {
  const sum = query.step * (bits - 2 * hammingDistance(codes, row, query));
  return query.base + (codes.offsets[row] ?? 0) + (codes.factors[row] ?? 0) * sum;
}

/** The second pass: the dot product of row `row` with the query, more closely. */
export function closeScore(codes: BinaryCodes, row: number, query: BinaryQuery): number {
  const first = row * query.bits.length;
  let sum = 0;
  for (let index = 0; index < query.weights.length; index++) {
    const bit = ((codes.bits[first + (index >> 3)] ?? 0) >> (index & 7)) & 1;
    const weight = query.weights[index] ?? 0;
    sum += bit === 1 ? weight : -weight;
  }
  return query.base + (codes.offsets[row] ?? 0) + (codes.factors[row] ?? 0) * sum;
}
