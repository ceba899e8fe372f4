/** Reads how many tests passed and failed from the runners' JSON reports. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {unknown} report of Vitest's json reporter
 * @returns {Counts}
 */
export function countVitest(report) {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites } =
    /** @type {Record<string, unknown>} */ (report);
  const failed = number('numFailedTests', numFailedTests);
  return {
    passed: number('numPassedTests', numPassedTests),
    // A file that cannot be loaded fails as a suite, without a test of its own.
    failed: failed > 0 ? failed : number('numFailedTestSuites', numFailedTestSuites),
    skipped: number('numPendingTests', numPendingTests) + number('numTodoTests', numTodoTests),
  };
}

/**
 * @param {unknown} report of Playwright's json reporter
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const { stats, errors } = /** @type {Record<string, unknown>} */ (report);
  const { expected, unexpected, flaky, skipped } = /** @type {Record<string, unknown>} */ (stats);
  const failed = number('unexpected', unexpected) + number('flaky', flaky);
  return {
    passed: number('expected', expected),
    // Errors outside of any test: a file that cannot be loaded, a server that does not start.
    failed: failed > 0 ? failed : Array.isArray(errors) ? errors.length : 0,
    skipped: number('skipped', skipped),
  };
}

/**
 * A missing field is an error, not a zero: it would hide every test.
 * @param {string} name
 * @param {unknown} value
 * @returns {number}
 */
function number(name, value) {
  if (typeof value !== 'number') {
    throw new Error(`The report has no number "${name}" but ${typeof value}.`);
  }
  return value;
}
