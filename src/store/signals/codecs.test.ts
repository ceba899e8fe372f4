import { describe, expect, test } from 'vitest';
import { decodeFloat16 } from '../../core/codes/float16';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { normalise } from '../../core/normalise';
import type { TokenVectors } from '../../core/token-vectors';
import { colbertScore } from '../../core/vector-scores';
import { isPhotoglotError } from '../../errors';
import { decodeLexical, encodeLexical } from './lexical-codec';
import { decodeTokens, encodeTokens } from './token-codec';

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'returned';
  } catch (thrown) {
    return isPhotoglotError(thrown) ? thrown.code : 'foreign';
  }
}

function tokens(count: number, dim: number, seed: number): TokenVectors {
  const next = randomNumbers(seed);
  const data = new Float32Array(count * dim);
  for (let token = 0; token < count; token++) {
    const vector = normalise(Float32Array.from({ length: dim }, next));
    data.set(vector ?? [], token * dim);
  }
  return { data, count, dim };
}

test('weights come back to three digits, without those that are none', () => {
  const weights = {
    ids: Uint32Array.of(4, 70_000, 250_001),
    weights: Float32Array.of(0.2345, 1e-9, 31),
  };
  const packed = decodeLexical(encodeLexical(weights));
  const values = new Float32Array(2);
  decodeFloat16(packed.weights, values);
  expect([...packed.ids]).toEqual([4, 250_001]);
  expect(values[0]).toBeCloseTo(0.2345, 4);
  expect(values[1]).toBe(31);
  const none = { ids: new Uint32Array(0), weights: new Float32Array(0) };
  expect(decodeLexical(encodeLexical(none)).ids).toHaveLength(0);
});

test('scores of token vectors change by a thousandth at most', () => {
  const [query, passage] = [tokens(7, 64, 1), tokens(30, 64, 2)];
  const stored = decodeTokens(encodeTokens(passage));
  expect([stored.count, stored.dim]).toEqual([30, 64]);
  expect(Math.abs(colbertScore(query, stored) - colbertScore(query, passage))).toBeLessThan(1e-3);
  const zero = { data: new Float32Array(4), count: 2, dim: 2 };
  expect(decodeTokens(encodeTokens(zero))).toEqual(zero);
});

describe.each([
  [
    'weights',
    encodeLexical({ ids: Uint32Array.of(5), weights: Float32Array.of(1) }),
    decodeLexical,
  ],
  ['token vectors', encodeTokens(tokens(2, 4, 3)), decodeTokens],
] as const)('stored %s', (_, bytes, decode) => {
  const altered = (at: number): ArrayBuffer => {
    const copy = bytes.slice(0);
    new Uint8Array(copy)[at] = 99;
    return copy;
  };

  test('of another kind or layout are refused', () => {
    for (const at of [0, 4, 6]) expect(codeOf(() => decode(altered(at)))).toBe('storage-version');
    expect(codeOf(() => decode(new ArrayBuffer(3)))).toBe('storage-version');
  });

  test('of another length than they say are damaged', () => {
    expect(codeOf(() => decode(altered(8)))).toBe('storage');
    expect(codeOf(() => decode(bytes.slice(0, -1)))).toBe('storage');
  });
});
