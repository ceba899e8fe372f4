import { expect, test } from 'vitest';
import { failureOf } from '../../core/test-workers/failure-of';
import { cutTokens, padIdOf, padToLength, tokenLimit, type TokenRules } from './text-tokens';

const START = 90;
const END = 91;
const RULES: TokenRules = {
  maxTokens: 4,
  padId: END,
  padding: 'longest',
  specialIds: new Set([START, END]),
};

test.each([
  { ids: [START, 1, END], cut: [START, 1, END] },
  { ids: [START, 1, 2, END], cut: [START, 1, 2, END] },
  { ids: [START, 1, 2, 3, END], cut: [START, 1, 2, END] },
  { ids: [1, 2, 3, 4, 5], cut: [1, 2, 3, 4] },
  { ids: [], cut: [] },
])('$ids are cut to $cut: the end of a text stays where there is one', ({ ids, cut }) => {
  expect(cutTokens(ids, RULES)).toEqual(cut);
});

test('texts are padded to the longest', () => {
  expect(padToLength([[1], [2, 3]], RULES)).toEqual({
    ids: BigInt64Array.of(1n, 91n, 2n, 3n),
    mask: BigInt64Array.of(1n, 0n, 1n, 1n),
    count: 2,
    length: 2,
  });
});

test('or to the full length', () => {
  expect(padToLength([[1], [2, 3]], { ...RULES, padding: 'full' })).toEqual({
    ids: BigInt64Array.of(1n, 91n, 91n, 91n, 2n, 3n, 91n, 91n),
    mask: BigInt64Array.of(1n, 0n, 0n, 0n, 1n, 1n, 0n, 0n),
    count: 2,
    length: 4,
  });
});

test.each([
  { limits: [77, 64], limit: 64 },
  { limits: [undefined, 1e30], limit: 12 },
  { limits: [undefined, Infinity], limit: 12 },
  { limits: [24, 1e30], limit: 24 },
])('of the limits $limits, $limit counts', ({ limits, limit }) => {
  expect(tokenLimit(limits, 12)).toBe(limit);
});

test('without a token for padding there is no batch', () => {
  expect(padIdOf(0)).toBe(0);
  expect(failureOf(() => padIdOf(undefined))).toMatch(/^session-failed: .*padding/);
});
