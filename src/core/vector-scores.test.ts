import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TokenVectors } from './token-vectors';
import { colbertScore, denseScore } from './vector-scores';
import { failureOf } from './test-workers/failure-of';

function vectors(...rows: readonly (readonly number[])[]): TokenVectors {
  return { data: Float32Array.from(rows.flat()), count: rows.length, dim: rows[0]?.length ?? 0 };
}

/** Eighths, so that sums are exact in any order. */
const eighth = fc.integer({ min: -8, max: 8 }).map((value) => value / 8);
const rowsOf = (dim: number): fc.Arbitrary<number[][]> =>
  fc.array(fc.array(eighth, { minLength: dim, maxLength: dim }), { minLength: 1, maxLength: 6 });
const pair = fc
  .integer({ min: 1, max: 11 })
  .chain((dim) => fc.tuple(rowsOf(dim), rowsOf(dim), fc.constant(dim)));

function plainDot(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? NaN), 0);
}

describe('a dense score', () => {
  test('is the dot product, in every dimension', () => {
    fc.assert(
      fc.property(pair, ([[left = []], [right = []]]) => {
        const score = denseScore(Float32Array.from(left), Float32Array.from(right));
        expect(score).toBe(plainDot(left, right) + 0);
      }),
    );
  });

  test.each([
    [[1, 2], [1], 'dimension-mismatch'],
    [[], [], 'dimension-mismatch'],
    [[NaN, 0], [1, 0], 'invalid-input'],
    [[Infinity, 0], [1, 0], 'invalid-input'],
  ])('of %o and %o is refused', (left, right, code) => {
    const call = (): number => denseScore(Float32Array.from(left), Float32Array.from(right));
    expect(failureOf(call)).toContain(`${code}: `);
  });
});

describe('a ColBERT score', () => {
  test("is the mean of the query's best matches", () => {
    const query = vectors([1, 0], [0, 1]);
    expect(colbertScore(query, vectors([0.5, 0], [0.25, 0.75]))).toBe(0.625);
  });

  test('is not raised to 0 by padding that is not there', () => {
    expect(colbertScore(vectors([1, 0]), vectors([-1, 0], [-0.5, 0]))).toBe(-0.5);
  });

  test('is what plain loops give', () => {
    fc.assert(
      fc.property(pair, ([query, passage]) => {
        const best = query.map((row) => Math.max(...passage.map((other) => plainDot(row, other))));
        const expected = best.reduce((sum, value) => sum + value, 0) / query.length;
        expect(colbertScore(vectors(...query), vectors(...passage))).toBeCloseTo(expected, 12);
      }),
    );
  });

  test('never falls when the passage grows, and knows no order', () => {
    fc.assert(
      fc.property(pair, ([query, passage]) => {
        const score = colbertScore(vectors(...query), vectors(...passage));
        const reversed = vectors(...passage.toReversed());
        expect(colbertScore(vectors(...query), reversed)).toBe(score);
        const longer = vectors(...passage, ...query);
        expect(colbertScore(vectors(...query), longer)).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  const one = vectors([1, 0]);
  test.each([
    [
      'an empty query',
      { data: new Float32Array(0), count: 0, dim: 2 },
      one,
      'invalid-input: Query and passage need at least one token vector each; got 0 and 1.',
    ],
    [
      'an empty passage',
      one,
      { data: new Float32Array(0), count: 0, dim: 2 },
      'invalid-input: Query and passage need at least one token vector each; got 1 and 0.',
    ],
    [
      'other dimensions',
      one,
      vectors([1, 0, 0]),
      'dimension-mismatch: The vectors of query and passage must have one dimension; got 2 and 3.',
    ],
    [
      'a number too few',
      { data: Float32Array.of(1, 0, 1), count: 2, dim: 2 },
      one,
      "dimension-mismatch: The query's vectors must be 2 vectors of 2 numbers each, at least one " +
        'number; got 3 numbers.',
    ],
    [
      'no dimension',
      one,
      { data: new Float32Array(0), count: 2, dim: 0 },
      "dimension-mismatch: The passage's vectors must be 2 vectors of 0 numbers each, at least one " +
        'number; got 0 numbers.',
    ],
    [
      'a NaN that is not the best',
      one,
      vectors([1, 0], [NaN, 0]),
      'invalid-input: Vectors to score must consist of finite numbers; some are not.',
    ],
  ])('of %s is refused', (_, query, passage, message) => {
    expect(failureOf(() => colbertScore(query, passage))).toBe(message);
  });
});
