import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hybridScore, SIGNALS, type SignalWeights } from './hybrid-score';
import { failureOf } from './test-workers/failure-of';

/** The example of FlagEmbedding's README for BGE-M3, computed there in half precision. */
const README_WEIGHTS = { dense: 0.4, sparse: 0.2, colbert: 0.4 };
const HALF_PRECISION = 2e-3;

describe("the README's pairs", () => {
  test.each([
    { colbert: 0.7796, sparse: 0.1956, dense: 0.626, denseSparse: 0.4825, all: 0.6014 },
    { colbert: 0.4621, sparse: 0.0088, dense: 0.3474, denseSparse: 0.2345, all: 0.3256 },
    { colbert: 0.4524, sparse: 0, dense: 0.3499, denseSparse: 0.2332, all: 0.3209 },
    { colbert: 0.7899, sparse: 0.1803, dense: 0.6782, denseSparse: 0.5122, all: 0.6233 },
  ])('$all', ({ all, denseSparse, colbert, sparse, dense }) => {
    const score = hybridScore({ dense, sparse, colbert }, README_WEIGHTS);
    expect(Math.abs(score - all)).toBeLessThan(HALF_PRECISION);
    const pair = hybridScore({ dense, sparse }, README_WEIGHTS);
    expect(Math.abs(pair - denseSparse)).toBeLessThan(HALF_PRECISION);
  });
});

const number = fc.double({ min: -1, max: 1, noNaN: true });
const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
const allScores = fc.record(
  { dense: number, sparse: number, colbert: number },
  { requiredKeys: [] },
);
const allWeights = fc.record({ dense: weight, sparse: weight, colbert: weight });

describe('the score', () => {
  test('is the plain mean without weights', () => {
    expect(hybridScore({ dense: 0.5, sparse: 0.25, colbert: 0.75 })).toBeCloseTo(0.5, 12);
  });

  test('of a picture is its dense score, whatever the weights', () => {
    expect(hybridScore({ dense: 0.25 }, README_WEIGHTS)).toBeCloseTo(0.25, 12);
  });

  test('ignores a signal that counts nothing', () => {
    const weights = { dense: 1, sparse: 0, colbert: 0 };
    expect(hybridScore({ dense: 0.25, sparse: 9, colbert: -1 }, weights)).toBe(0.25);
  });

  test('lies between the lowest and the highest signal, on any scale of weights', () => {
    fc.assert(
      fc.property(allScores, allWeights, weight, (scores, weights, scale) => {
        const present = SIGNALS.flatMap((signal) => scores[signal] ?? []);
        fc.pre(present.length > 0);
        const score = hybridScore(scores, weights);
        expect(score).toBeGreaterThanOrEqual(Math.min(...present) - 1e-9);
        expect(score).toBeLessThanOrEqual(Math.max(...present) + 1e-9);
        const scaled = {
          dense: weights.dense * scale,
          sparse: weights.sparse * scale,
          colbert: weights.colbert * scale,
        };
        expect(hybridScore(scores, scaled)).toBeCloseTo(score, 9);
      }),
    );
  });
});

describe('refused are', () => {
  const scores = { dense: 0.5, sparse: 0.5 };
  const weights: SignalWeights = { dense: 1, sparse: 1, colbert: 1 };

  test.each([
    [
      scores,
      { ...weights, colbert: NaN },
      'The colbert weight must be finite and not negative; got NaN.',
    ],
    [
      scores,
      { ...weights, dense: -1 },
      'The dense weight must be finite and not negative; got -1.',
    ],
    [
      scores,
      { dense: 0, sparse: 0, colbert: 0 },
      'At least one weight must be above 0; all are 0.',
    ],
    [
      scores,
      { dense: 0, sparse: 0, colbert: 1 },
      'At least one signal that a pair has must have a weight above 0; it has: dense, sparse.',
    ],
    [{}, weights, 'At least one signal that a pair has must have a weight above 0; it has: none.'],
    [{ sparse: NaN }, weights, 'The sparse score must be a finite number; got NaN.'],
  ])('%o with %o', (given, by, message) => {
    expect(failureOf(() => hybridScore(given, by))).toBe(`invalid-input: ${message}`);
  });
});
