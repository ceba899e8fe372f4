/** `npm run bench:kernels`: what scans of vector codes take in Chromium, beside plain JavaScript. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from './browser.mjs';
import { openModuleSite } from './module-site.mjs';
import { readOptions, runMain } from './options.mjs';
import { printTable } from './table.mjs';

/** @typedef {import('./search-kernels-measure.mjs').Timing} Timing */

const OPTIONS = /** @type {const} */ ({
  rows: { value: 'N', kind: 'count', default: '1000000' },
  runs: { value: 'N', kind: 'count', default: '21' },
});
/** Modules that the page loads; the kernels are no part of the public interface. */
const ENTRIES = {
  measure: './search-kernels-measure.mjs',
  'binary-table': '../src/core/kernel/binary-table.ts',
  'wasm-code-kernel': '../src/core/kernel/wasm-code-kernel.ts',
};
await runMain(async () => {
  const { values, json } = readOptions('npm run bench:kernels --', OPTIONS, process.argv.slice(2));
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-bench-kernels-'));
  try {
    const report = await measure(folder, Number(values['rows']), Number(values['runs']));
    if (json) console.log(JSON.stringify(report));
    else print(report);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** @param {string} folder for the built page @param {number} rows @param {number} runs */
async function measure(folder, rows, runs) {
  const site = await openModuleSite({ folder, title: 'Kernels', port: 4391, entries: ENTRIES });
  const { page, version, close } = await openBrowser();
  try {
    await page.goto(site.url);
    const timings = await page.evaluate(runInPage, { url: site.url, rows, runs });
    return { machine: { cpu: cpus()[0]?.model ?? 'unknown', browser: version }, rows, timings };
  } finally {
    await close();
    await site.close();
  }
}

/**
 * Runs in the page, and sees nothing of this file.
 * @param {{ readonly url: string, readonly rows: number, readonly runs: number }} task
 * @returns {Promise<Timing[]>}
 */
async function runInPage({ url, rows, runs }) {
  const load = (/** @type {string} */ name) => import(`${url}${name}.js`);
  const [{ measureKernels }, binary, wasm] = await Promise.all(
    ['measure', 'binary-table', 'wasm-code-kernel'].map(load),
  );
  return measureKernels({ ...binary, ...wasm }, rows, runs);
}

/** @param {Awaited<ReturnType<typeof measure>>} report */
function print({ machine, timings }) {
  printTable(
    `Milliseconds per scan (${machine.cpu}, Chromium ${machine.browser}, one thread)`,
    ['scan', 'kernel', 'median', 'least', 'most', 'runs'],
    timings.map(({ scan, kernel, median, least, most, runs }) => [
      ...[scan, kernel, median, least, most, runs],
    ]),
  );
}
