import { expect, test } from 'vitest';
import { countPlaywright, countVitest } from './test-counts.mjs';

const vitest = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  numFailedTestSuites: 0,
};

test('counts what Vitest reports', () => {
  expect(countVitest(vitest)).toEqual({ passed: 5, failed: 0, skipped: 2 });
  expect(countVitest({ ...vitest, numFailedTests: 2, numFailedTestSuites: 1 }).failed).toBe(2);
  expect(countVitest({ ...vitest, numFailedTestSuites: 1 }).failed).toBe(1);
});

test('counts what Playwright reports; a flaky test has failed', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 0 };
  expect(countPlaywright({ stats, errors: [] })).toEqual({ passed: 4, failed: 2, skipped: 0 });
  const none = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 };
  expect(countPlaywright({ stats: none, errors: [{ message: 'no server' }] }).failed).toBe(1);
});

test('refuses a report of another shape', () => {
  expect(() => countVitest({})).toThrow('no number "numFailedTests"');
});
