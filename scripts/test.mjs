/**
 * `npm test`: everything, in order, going on after a failure so that one run shows them all. The
 * last line sums the tests of all runners; a step that is no test runner counts when it fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyOrt } from './copy-ort.mjs';
import { failedPlaywright, failedVitest } from './failed-tests.mjs';
import { ensureBrowser } from './find-browser.mjs';
import { countPlaywright, countVitest } from './test-counts.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = join(ROOT, 'test-results');
const VITEST_REPORT = join(RESULTS, 'vitest.json');
const PLAYWRIGHT_REPORT = join(RESULTS, 'playwright.json');

/**
 * @typedef {object} Outcome
 * @property {string} name
 * @property {boolean} counted whether it is a runner, whose tests are counted
 * @property {number} passed
 * @property {number} failed
 * @property {string} note
 * @property {readonly string[]} [failures] the tests that failed, a line each
 */

/** @type {Outcome[]} */
const outcomes = [];

// Reports of an earlier run must not be taken for this one's.
rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
process.env['PHOTOGLOT_BROWSER'] = ensureBrowser();
process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] = PLAYWRIGHT_REPORT;
await copyOrt();

step('typecheck', 'typescript/bin/tsc', ['-b']);
step('lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']);
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`];
runner('vitest', 'vitest/vitest.mjs', ['run', ...reporters], VITEST_REPORT, (report) => ({
  ...countVitest(report),
  failures: failedVitest(report, ROOT),
}));
const built = [
  step('build demo', 'vite/bin/vite.js', ['build']),
  step('build library', 'vite/bin/vite.js', ['build', '--mode', 'lib']),
  execute('build types', [join(ROOT, 'scripts/build-types.mjs')]),
].every(Boolean);
if (built) {
  const args = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
  runner('playwright', '@playwright/test/cli.js', args, PLAYWRIGHT_REPORT, (report) => ({
    ...countPlaywright(report),
    failures: failedPlaywright(report),
  }));
} else {
  outcomes.push({
    name: 'playwright',
    counted: true,
    passed: 0,
    failed: 1,
    note: 'not run: the build failed',
  });
}
finish();

/**
 * Runs a tool that either passes or fails. @returns {boolean} whether it passed
 * @param {string} name @param {string} bin @param {string[]} args
 */
function step(name, bin, args) {
  return execute(name, [join(ROOT, 'node_modules', bin), ...args]);
}

/** @param {string} name @param {string[]} args arguments of Node */
function execute(name, args) {
  const passed = node(name, args) === 0;
  outcomes.push({
    name,
    counted: false,
    passed: 0,
    failed: passed ? 0 : 1,
    note: passed ? 'ok' : 'FAILED',
  });
  return passed;
}

/**
 * Runs a test runner and reads its report.
 * @param {string} name @param {string} bin @param {string[]} args @param {string} report
 * @param {(report: unknown) =>
 *   { passed: number, failed: number, skipped: number, failures: readonly string[] }} read
 */
function runner(name, bin, args, report, read) {
  const status = node(name, [join(ROOT, 'node_modules', bin), ...args]);
  let counts = {
    passed: 0,
    failed: 0,
    skipped: 0,
    failures: /** @type {readonly string[]} */ ([]),
  };
  let note;
  try {
    counts = read(JSON.parse(readFileSync(report, 'utf8')));
    note = counts.skipped > 0 ? `${String(counts.skipped)} skipped` : '';
  } catch (error) {
    note = `no readable report: ${String(error)}`;
  }
  // It failed, but not through a test: an unhandled error, a crash, no tests found.
  const failed = status !== 0 && counts.failed === 0 ? 1 : counts.failed;
  if (failed !== counts.failed) note = `exited with ${String(status)} ${note}`;
  const { passed, failures } = counts;
  outcomes.push({ name, counted: true, passed, failed, note, failures });
}

/** @param {string} name @param {string[]} args @returns {number} the exit status */
function node(name, args) {
  console.log(`\n=== ${name} ===`);
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

function finish() {
  console.log('\n=== summary ===');
  for (const { name, counted, passed, failed, note, failures = [] } of outcomes) {
    const counts = counted ? `${String(passed)} passed, ${String(failed)} failed ` : '';
    console.log(`${name}: ${counts}${note}`.trimEnd());
    for (const failure of failures) console.log(`  FAILED ${failure}`);
  }
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}
