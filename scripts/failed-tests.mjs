/**
 * Names what failed in the runners' JSON reports, for the summary: whoever sees only the end of a
 * log learns which test it was, and its first line of complaint.
 */
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ fullName: string, status: string, failureMessages?: string[] }} Assertion
 * @typedef {{ name: string, status: string, message?: string, assertionResults: Assertion[] }} VitestFile
 * @typedef {{ ok: boolean, title: string, file: string, line: number,
 *   tests: { results: { errors: { message?: string }[] }[] }[] }} Spec
 * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
 */

/**
 * @param {unknown} report of Vitest's json reporter
 * @param {string} root what the names of files are relative to
 * @returns {string[]} one line each
 */
export function failedVitest(report, root) {
  const files = /** @type {{ testResults?: VitestFile[] }} */ (report).testResults ?? [];
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    // A file that cannot be loaded fails without a test of its own.
    if (failed.length === 0 && status === 'failed') return [line(file, message)];
    return failed.map(({ fullName, failureMessages }) =>
      line(`${file} › ${fullName}`, failureMessages?.[0]),
    );
  });
}

/**
 * @param {unknown} report of Playwright's json reporter
 * @returns {string[]} one line each
 */
export function failedPlaywright(report) {
  const { suites = [], errors = [] } =
    /** @type {{ suites?: Suite[], errors?: { message?: string }[] }} */ (report);
  return [
    ...suites.flatMap(specsOf).map((spec) => {
      const results = spec.tests.flatMap((test) => test.results);
      const message = results.flatMap((result) => result.errors)[0]?.message;
      return line(`${spec.file}:${String(spec.line)} › ${spec.title}`, message);
    }),
    ...errors.map(({ message }) => line('outside of any test', message)),
  ];
}

/** @param {Suite} suite @returns {Spec[]} its failed ones, and those of the suites in it */
function specsOf({ specs = [], suites = [] }) {
  const failed = specs.filter(
    // A flaky test is "ok" to Playwright, and failed here.
    ({ ok, tests }) => !ok || tests.some(({ results }) => results.length > 1),
  );
  return [...failed, ...suites.flatMap(specsOf)];
}

/** @param {string} name @param {string | undefined} message */
function line(name, message) {
  const first = stripVTControlCharacters(message ?? '')
    .split('\n')[0]
    ?.trim();
  return first ? `${name}: ${first}` : name;
}
