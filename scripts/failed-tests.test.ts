import { expect, test } from 'vitest';
import { failedPlaywright, failedVitest } from './failed-tests.mjs';

test('names the tests that failed in Vitest, and the files that could not be loaded', () => {
  const report = {
    testResults: [
      {
        name: '/project/src/sum.test.ts',
        status: 'failed',
        assertionResults: [
          { fullName: 'adds', status: 'passed' },
          {
            fullName: 'carries over',
            status: 'failed',
            failureMessages: ['\u001b[31mexpected 9\u001b[39m\n  at sum.test.ts:7'],
          },
        ],
      },
      {
        name: '/project/src/broken.test.ts',
        status: 'failed',
        message: 'Cannot find module',
        assertionResults: [],
      },
      {
        name: '/project/src/fine.test.ts',
        status: 'passed',
        assertionResults: [{ fullName: 'is fine', status: 'passed' }],
      },
    ],
  };
  expect(failedVitest(report, '/project')).toEqual([
    'src/sum.test.ts › carries over: expected 9',
    'src/broken.test.ts: Cannot find module',
  ]);
});

test('names the tests that failed or were flaky in Playwright, and errors outside of them', () => {
  const run = (...messages: string[]) => ({ errors: messages.map((message) => ({ message })) });
  const spec = (title: string, ok: boolean, results: object[]) => ({
    title,
    ok,
    file: 'page.spec.ts',
    line: 3,
    tests: [{ results }],
  });
  const report = {
    suites: [
      {
        specs: [spec('opens', true, [run()]), spec('closes', false, [run('Timed out\n more')])],
        suites: [{ specs: [spec('wavers', true, [run('Gone'), run()])] }],
      },
    ],
    errors: [{ message: 'no server' }],
  };
  expect(failedPlaywright(report)).toEqual([
    'page.spec.ts:3 › closes: Timed out',
    'page.spec.ts:3 › wavers: Gone',
    'outside of any test: no server',
  ]);
});

test('finds nothing in the reports of runs that passed', () => {
  expect(failedVitest({ testResults: [] }, '/')).toEqual([]);
  expect(failedPlaywright({ suites: [], errors: [] })).toEqual([]);
});
