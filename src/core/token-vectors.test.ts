import { expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { joinTokenVectors } from './token-vectors';

test('the token vectors of several texts, one behind the other', () => {
  const joined = joinTokenVectors([
    { data: Float32Array.of(1, 0), count: 1, dim: 2 },
    { data: Float32Array.of(0, 1, 1, 0), count: 2, dim: 2 },
  ]);
  expect(joined).toEqual({ data: Float32Array.of(1, 0, 0, 1, 1, 0), count: 3, dim: 2 });
});

test('of two dimensions are refused', () => {
  let thrown: unknown;
  try {
    joinTokenVectors([
      { data: Float32Array.of(1, 0), count: 1, dim: 2 },
      { data: Float32Array.of(1), count: 1, dim: 1 },
    ]);
  } catch (error) {
    thrown = error;
  }
  expect(isPhotoglotError(thrown) && thrown.code).toBe('dimension-mismatch');
});
