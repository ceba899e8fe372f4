import { expect, test } from 'vitest';
import { RunPlan } from './run-plan';

/** Enough for all sizes to be tried. */
const RUNS = 40;

/** Runs full batches on a device that takes `ms` for so many pictures; the sizes in order. */
function work(plan: RunPlan, ms: (pictures: number, run: number) => number): number[] {
  return Array.from({ length: RUNS }, (_, run) => {
    const { size } = plan;
    plan.note(size, ms(size, run));
    return size;
  });
}

test('tries each size, from the largest down, and settles', () => {
  const plan = new RunPlan(6);
  const sizes = work(plan, (pictures) => 10 * pictures);
  expect(sizes.slice(0, 13)).toEqual([6, 6, 6, 6, 3, 3, 3, 3, 1, 1, 1, 1, 1]);
  expect(new Set(sizes.slice(12))).toEqual(new Set([1]));
});

test.each([
  ['a device that gains nothing by it runs one at a time', (n: number) => 60 * n, 1],
  ['what a larger run gains is taken', (n: number) => 40 + 5 * n, 8],
  ['a gain of less than 5 % is not worth the wait', (n: number) => 2 + 20 * n, 2],
  ['a run that takes too long is not chosen, whatever it gains', (n: number) => 100 + 30 * n, 4],
  ['where even two take too long it is one', (n: number) => 1000 + 500 * n, 1],
])('%s', (_, ms, expected) => {
  const plan = new RunPlan(8);
  work(plan, ms);
  expect(plan.size).toBe(expected);
});

test('the first run of a size, and single ones that were disturbed, do not count', () => {
  const plan = new RunPlan(4);
  const seen = new Map<number, number>();
  work(plan, (pictures) => {
    const run = (seen.get(pictures) ?? 0) + 1;
    seen.set(pictures, run);
    const disturbed = run === 1 || run === 3;
    return (20 + 10 * pictures) * (disturbed && pictures === 4 ? 20 : 1);
  });
  expect(plan.size).toBe(4);
});

test('runs that are not full tell nothing', () => {
  const plan = new RunPlan(4);
  for (let run = 0; run < RUNS; run++) plan.note(1, 1);
  expect(plan.size).toBe(4);
});

test('pictures that take less than their room count as what they take', () => {
  const plan = new RunPlan(2);
  for (let run = 0; run < RUNS; run++) {
    const pictures = 0.95 * plan.size;
    plan.note(pictures, 50 + 20 * pictures);
  }
  expect(plan.size).toBe(2);
});

test('a model that runs one at a time stays with it', () => {
  const plan = new RunPlan(1);
  expect(new Set(work(plan, () => 1000))).toEqual(new Set([1]));
});
