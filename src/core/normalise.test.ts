import { describe, expect, test } from 'vitest';
import { lengthOf, normalise } from './normalise';

describe('normalise', () => {
  test('gives length 1 and keeps the direction', () => {
    expect(normalise(Float32Array.of(3, 0, -4))).toEqual(Float32Array.of(0.6, 0, -0.8));
  });

  test('copes with the smallest and the largest numbers', () => {
    for (const value of [1e-45, 3e38]) {
      const unit = normalise(new Float32Array(384).fill(value));
      expect(unit === null ? NaN : lengthOf(unit)).toBeCloseTo(1, 6);
    }
  });

  test.each([[[0, 0]], [[NaN, 1]], [[Infinity, 1]]])('is impossible for %s', (numbers) => {
    expect(normalise(Float32Array.from(numbers))).toBeNull();
  });
});
