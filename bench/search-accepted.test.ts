import { expect, it } from 'vitest';
import { AcceptedRows, TOLERANCE } from './search-accepted';

/** Rows of two numbers whose score with the query (1, 0) is given. */
function rowsOf(scores: readonly number[]): Float32Array {
  return Float32Array.from(scores.flatMap((score) => [score, 7]));
}

const QUERY = Float32Array.of(1, 0);

it('accepts all rows while there are no more than ten', () => {
  const rows = new AcceptedRows([QUERY]);
  rows.see(rowsOf([0.1, -0.5, 0.3]));
  expect(rows.seen).toBe(3);
  expect(rows.accepted()).toEqual([[0, 1, 2]]);
});

it('accepts the ten best, and what is hardly worse than the tenth', () => {
  const rows = new AcceptedRows([QUERY]);
  rows.see(rowsOf(Array.from({ length: 20 }, (_, row) => row / 20)));
  // Row 10 has the tenth score; of these two one is close to it.
  rows.see(rowsOf([0.5 - TOLERANCE / 2, 0.5 - 2 * TOLERANCE]));
  expect(rows.accepted()).toEqual([[10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]]);
});

it('forgets what later rows surpass, and goes on', () => {
  const rows = new AcceptedRows([QUERY, Float32Array.of(0, 1)]);
  rows.see(rowsOf(Array.from({ length: 10 }, () => 0.1)));
  expect(rows.accepted()[0]).toHaveLength(10);
  rows.see(rowsOf(Array.from({ length: 10 }, () => 0.2)));
  expect(rows.accepted()[0]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  // All rows are alike to the second query.
  expect(rows.accepted()[1]).toHaveLength(20);
});

it('sums up vectors of any length', () => {
  const rows = new AcceptedRows([Float32Array.of(1, 2, 3, 4, 5)]);
  rows.see(Float32Array.from({ length: 55 }, (_, at) => Math.floor(at / 5)));
  expect(rows.accepted()).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
});
