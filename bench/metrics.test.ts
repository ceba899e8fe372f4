import { describe, expect, test } from 'vitest';
import { ceiling, dot, precision, quantile, rankOf, recall, recallAt, scores } from './metrics.mjs';

/** Three pictures in a plane: east, north, and between them. */
const rows = { data: Float32Array.of(1, 0, 0, 1, 0.6, 0.8), count: 3, dim: 2 };

describe('ranks', () => {
  test('count the rows that score strictly higher', () => {
    const vector = Float32Array.of(0, 1);
    expect([...scores(rows, vector)].map((score) => Math.round(score * 10))).toEqual([0, 10, 8]);
    expect(rankOf(rows, { vector, answer: 1 })).toBe(0);
    expect(rankOf(rows, { vector, answer: 2 })).toBe(1);
    expect(rankOf(rows, { vector, answer: 0 })).toBe(2);
  });

  test('of equal rows are equal', () => {
    const twins = { data: Float32Array.of(1, 0, 1, 0), count: 2, dim: 2 };
    const vector = Float32Array.of(1, 0);
    expect([0, 1].map((answer) => rankOf(twins, { vector, answer }))).toEqual([0, 0]);
  });

  test('of a broken vector are refused, not counted as right', () => {
    const vector = Float32Array.of(NaN, 0);
    expect(() => rankOf(rows, { vector, answer: 0 })).toThrow('not a number');
    expect(() => rankOf(rows, { vector: Float32Array.of(1), answer: 0 })).toThrow('has 1 numbers');
    expect(() => rankOf(rows, { vector: Float32Array.of(1, 0), answer: 3 })).toThrow('no row 3');
  });
});

test('recall is the share of answers among the first k', () => {
  expect(recall([0, 1, 4, 5, 9, 10])).toEqual({ 'R@1': 0.1667, 'R@5': 0.5, 'R@10': 0.8333 });
  expect(recallAt([], 1)).toBe(0);
});

describe('precision', () => {
  test('averages over the relevant rows, best first', () => {
    // Order of the rows: 2 (relevant), 0, 1 (relevant), 3.
    const { AP, 'P@1': first } = precision([0.5, 0.3, 0.9, 0.1], new Set([1, 2]));
    expect(AP).toBeCloseTo((1 / 1 + 2 / 3) / 2);
    expect(first).toBe(1);
  });

  test('keeps equal scores in the order of the rows', () => {
    expect(precision([0.5, 0.5], new Set([1]))).toEqual({ AP: 0.5, 'P@1': 0 });
  });

  test('refuses scores that are no numbers', () => {
    expect(() => precision([NaN, 1], new Set([0]))).toThrow('no number');
  });
});

test('dot products', () => {
  expect(dot(Float32Array.of(1, 2), Float32Array.of(3, 4))).toBe(11);
});

test('the ceiling counts what reads the same once', () => {
  expect(ceiling(['crane', 'crane', 'kite', 'jay'])).toBe(0.75);
});

test('quantiles interpolate', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([10, 20], 0.95)).toBeCloseTo(19.5);
  expect(quantile([7], 0.95)).toBe(7);
});
