import { expect, test } from 'vitest';
import { dotProduct } from '../dot-product';
import { normalise } from '../normalise';
import { partialCosine } from './partial-cosine';

function unit(...values: number[]): Float32Array {
  return normalise(Float32Array.from(values)) ?? new Float32Array(values.length);
}

function cosine(left: Float32Array, right: Float32Array): number {
  return dotProduct(left, 0, right, 0, left.length);
}

function partial(left: Float32Array, right: Float32Array, background: Float32Array): number {
  return partialCosine(cosine(left, right), cosine(left, background), cosine(right, background));
}

const background = unit(0, 0, 1);

test('is the cosine of what is left without the background', () => {
  expect(partial(unit(3, 4, 7), unit(4, 3, 0.1), background)).toBeCloseTo(24 / 25, 5);
  expect(partial(unit(1, 0, 9), unit(0, 1, 9), background)).toBeCloseTo(0, 4);
  expect(partial(unit(1, 0, 5), unit(-1, 0, 5), background)).toBeCloseTo(-1, 4);
});

test('is the cosine itself for vectors that have none of the background', () => {
  expect(partial(unit(1, 2, 0), unit(2, 1, 0), background)).toBeCloseTo(0.8, 6);
});

test('is 1 for a vector and itself, and never more', () => {
  const vector = unit(0.01, 0.02, 1);
  const value = partial(vector, vector, background);
  expect(value).toBeCloseTo(1, 2);
  expect(value).toBeLessThanOrEqual(1);
});

test('is 0 for what is nothing but background', () => {
  expect(partial(background, unit(1, 2, 3), background)).toBe(0);
  expect(partial(background, background, background)).toBe(0);
});
