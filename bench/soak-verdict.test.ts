import { expect, test } from 'vitest';
import { judge } from './soak-verdict.mjs';

const rounds = (count: number, of: (round: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => of(index + 1));

test('compares the end with what came after the start', () => {
  const verdict = judge(rounds(50, (round) => (round < 6 ? 500 : 100 + round / 100)));
  expect(verdict).toMatchObject({ early: { from: 6, to: 15 }, late: { from: 41, to: 50 } });
  expect(verdict.passed).toBe(true);
});

test('finds a leak, and lets go of an outlier', () => {
  expect(judge(rounds(50, (round) => 100 + round)).passed).toBe(false);
  expect(judge(rounds(50, (round) => (round === 45 ? 500 : 100))).passed).toBe(true);
});

test('makes do with few rounds', () => {
  expect(judge(rounds(5, (round) => 100 + 5 * round))).toMatchObject({
    early: { from: 2, to: 3 },
    late: { from: 4, to: 5 },
    passed: false,
  });
  expect(judge(rounds(10, () => 100))).toMatchObject({
    early: { from: 2, to: 5 },
    late: { from: 7, to: 10 },
    passed: true,
  });
  for (const count of [1, 2, 3]) expect(judge(rounds(count, () => 7)).passed).toBe(true);
});

test.each([0, -5, NaN])('memory of %d above an empty page is no pass', (early) => {
  expect(judge(rounds(50, (round) => (round < 20 ? early : -10))).passed).toBe(false);
  expect(judge(rounds(5, () => early)).passed).toBe(false);
});
