import { describe, expect, test } from 'vitest';
import { dotProduct } from '../dot-product';
import { normalise } from '../normalise';
import { failureOf } from '../test-workers/failure-of';
import { decodeInt8, encodeInt8, type Int8Codes, scoreInt8 } from './int8-code';
import { gaussian } from './test-workers/gaussian';

function room(rows: number, dimension: number): Int8Codes {
  return { codes: new Int8Array(rows * dimension), scales: new Float32Array(rows) };
}

describe.each([1, 3, 384, 1000, 1024])('an int8 code of %d numbers', (dimension) => {
  const random = gaussian(dimension);

  test('is off by half a scale at most', () => {
    const codes = room(20, dimension);
    for (let row = 0; row < 20; row++) {
      const vector = random(dimension);
      encodeInt8(vector, codes, row);
      const decoded = new Float32Array(dimension);
      decodeInt8(codes, row, decoded);
      const bound = 0.5001 * (codes.scales[row] ?? 0);
      expect(
        Math.max(...vector.map((value, index) => Math.abs(value - (decoded[index] ?? 0)))),
      ).toBeLessThanOrEqual(bound);
      const largest = Math.max(...vector.map(Math.abs));
      expect(codes.scales[row]).toBe(Math.fround(largest / 127));
      expect(Math.max(...codes.codes.subarray(row * dimension).map(Math.abs))).toBe(127);
    }
  });

  test('scores as its bound says', () => {
    const codes = room(3, dimension);
    const unit = () => normalise(random(dimension)) ?? new Float32Array(dimension);
    const [row, query] = [unit(), unit()];
    encodeInt8(row, codes, 1);
    encodeInt8(query, codes, 2);
    const bound = 0.51 * ((codes.scales[1] ?? 0) + (codes.scales[2] ?? 0)) * Math.sqrt(dimension);
    const exact = dotProduct(row, 0, query, 0, dimension);
    expect(Math.abs(scoreInt8(codes, 1, codes, 2, dimension) - exact)).toBeLessThan(bound);
  });
});

test('what is scored is what is decoded', () => {
  const codes = room(2, 5);
  encodeInt8(Float32Array.of(0.5, -1, 0.25, 0, 1e-9), codes, 0);
  encodeInt8(Float32Array.of(3, 2, 1, 0, -1), codes, 1);
  const [row, query] = [new Float32Array(5), new Float32Array(5)];
  decodeInt8(codes, 0, row);
  decodeInt8(codes, 1, query);
  expect(scoreInt8(codes, 0, codes, 1, 5)).toBeCloseTo(dotProduct(row, 0, query, 0, 5), 6);
});

test('a vector and its opposite have opposite codes', () => {
  const codes = room(2, 64);
  const vector = gaussian(1)(64).map((value) => Math.fround(Math.round(value * 16) / 16));
  encodeInt8(vector, codes, 0);
  encodeInt8(
    vector.map((value) => -value),
    codes,
    1,
  );
  expect(codes.codes.slice(64)).toEqual(codes.codes.slice(0, 64).map((code) => -code));
});

test.each([
  ['zeros', [0, 0, 0], [0, 0, 0]],
  ['numbers too small for a scale', [1e-45, 0, -1e-45], [0, 0, 0]],
  ['the largest numbers', [3.4e38, -3.4e38, 1.7e38], [127, -127, 64]],
  ['numbers whose scale is rounded down', [2.5e-43, -2.5e-43, 0], [127, -127, 0]],
])('%s', (_, numbers, expected) => {
  const codes = room(1, 3);
  encodeInt8(Float32Array.from(numbers), codes, 0);
  expect([...codes.codes]).toEqual(expected);
});

test.each([NaN, Infinity, -Infinity])('%d is refused, and nothing is written', (value) => {
  const codes = room(1, 2);
  const failure = failureOf(() => {
    encodeInt8(Float32Array.of(1, value), codes, 0);
  });
  expect(failure).toMatch(/^invalid-input: .*finite/);
  expect(codes).toEqual(room(1, 2));
});
