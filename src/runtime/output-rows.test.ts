import { describe, expect, test } from 'vitest';
import { checkFinite, checkShape, rowsOf, unitRows } from './output-rows';

const output = { data: Float32Array.of(3, 4, 0, 0), dims: [2, 2] };
const failed = (message: string): Error =>
  expect.objectContaining({ code: 'session-failed', message }) as Error;

test.each([[[2, 2, 1]], [[4]], [[2, 3]], [[1, 2]]])('a shape of %j is refused', (expected) => {
  const message = `The model gave [2, 2], expected [${expected.join(', ')}].`;
  expect(() => checkShape(output, expected)).toThrow(failed(message));
});

test('rows of the right shape are as they are', () => {
  expect(rowsOf(output, 2, 2)).toEqual({ data: output.data, count: 2, dim: 2 });
  expect(() => rowsOf(output, 2, 3)).toThrow(failed('The model gave [2, 2], expected [2, 3].'));
});

describe('unitRows', () => {
  test('brings rows to length 1, but not zeros', () => {
    const rows = unitRows({ data: Float32Array.of(3, 4, 0, 0), count: 2, dim: 2 });
    expect([...rows.data]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
  });

  test.each([NaN, Infinity, -Infinity])('refuses %d', (value) => {
    const message = 'The model gave numbers that are not finite. Try another "dtype" or "device".';
    expect(() => unitRows({ data: Float32Array.of(1, value), count: 1, dim: 2 })).toThrow(
      failed(message),
    );
    expect(() => {
      checkFinite(Float32Array.of(value));
    }).toThrow(failed(message));
  });
});
