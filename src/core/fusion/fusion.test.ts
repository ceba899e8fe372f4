import { expect, test } from 'vitest';
import { reciprocalRankFusion } from './reciprocal-rank-fusion';
import { weightedMean } from './weighted-mean';

test('what two rankings have comes before what only one has', () => {
  const scores = reciprocalRankFusion([
    ['a', 'b', 'c'],
    ['d', 'b'],
  ]);
  expect(scores).toEqual(
    new Map([
      ['a', 1 / 61],
      ['b', 2 / 62],
      ['c', 1 / 63],
      ['d', 1 / 61],
    ]),
  );
  expect(reciprocalRankFusion([])).toEqual(new Map());
});

test('a mean over the signals that are there', () => {
  const weights = { dense: 3, keyword: 1 };
  expect(weightedMean({ dense: 0.5, keyword: 0.9 }, weights)).toBeCloseTo(0.6);
  expect(weightedMean({ dense: 0.5 }, weights)).toBe(0.5);
  expect(weightedMean({ keyword: 0 }, weights)).toBe(0);
  expect(weightedMean({}, weights)).toBe(0);
  expect(weightedMean({ keyword: 0.9 }, { dense: 1, keyword: 0 })).toBe(0);
});
