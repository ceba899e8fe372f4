/** `npm run bench:encryption`: what encrypted collections cost, against plain ones, in Chromium. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModuleSite } from './module-site.mjs';
import { readOptions, runMain } from './options.mjs';
import { openProfile } from './profile-browser.mjs';
import { printTable } from './table.mjs';

/** @typedef {import('./encryption-measure.mjs').Task} Task */
/** @typedef {import('./encryption-measure.mjs').Report} Report */

const OPTIONS = /** @type {const} */ ({
  rows: { value: 'N', kind: 'count', default: '100000' },
  dimension: { value: 'N', kind: 'count', default: '512' },
});
const ENTRIES = {
  measure: './encryption-measure.mjs',
  link: '../src/client/worker-link.ts',
  noise: './spectrum-vectors.ts',
  store: '../workers/store.worker.ts',
};

await runMain(async () => {
  const { values, json } = readOptions(
    'npm run bench:encryption --',
    OPTIONS,
    process.argv.slice(2),
  );
  const task = { rows: Number(values['rows']), dimension: Number(values['dimension']) };
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-encryption-'));
  try {
    const [plain, encrypted] = [
      await measure(folder, { ...task, isEncrypted: false }),
      await measure(folder, { ...task, isEncrypted: true }),
    ];
    const cpu = cpus()[0]?.model ?? 'unknown';
    if (json) console.log(JSON.stringify({ cpu, task, plain, encrypted }));
    else print(task, plain, encrypted);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** In a browser of its own, on a fresh profile. @param {string} folder @param {Task} task @returns {Promise<Report>} */
async function measure(folder, task) {
  const site = join(folder, 'site');
  const server = await openModuleSite({
    folder: site,
    title: 'Encryption',
    port: 4394,
    entries: ENTRIES,
  });
  const profile = join(folder, task.isEncrypted ? 'encrypted' : 'plain');
  const { page, close } = await openProfile(profile);
  try {
    await page.goto(server.url);
    return await page.evaluate(inPage, task);
  } finally {
    await close();
    await server.close();
  }
}

/** Runs in the page, and sees nothing of this file. @param {Task} task @returns {Promise<Report>} */
async function inPage(task) {
  const load = (/** @type {string} */ name) => import(new URL(`${name}.js`, location.href).href);
  const [{ measureStore }, { WorkerLink }, { noiseVectors }] = await Promise.all(
    ['measure', 'link', 'noise'].map(load),
  );
  const newLink = () =>
    new WorkerLink(() => new Worker(new URL('store.js', location.href), { type: 'module' }));
  return measureStore({ newLink, noiseVectors }, task);
}

/** @param {Omit<Task, 'isEncrypted'>} task @param {Report} plain @param {Report} encrypted */
function print({ rows, dimension }, plain, encrypted) {
  const line = (/** @type {string} */ what, /** @type {keyof Report} */ key) => [
    what,
    plain[key].toFixed(1),
    encrypted[key].toFixed(1),
  ];
  printTable(
    `${String(rows)} × ${String(dimension)}, milliseconds`,
    ['', 'plain', 'encrypted'],
    [
      line('add 1,000 rows', 'add'),
      line('open to first result', 'open'),
      line('search, p50', 'p50'),
      line('search, p95', 'p95'),
      line('read a thumbnail of 20 KB', 'thumbnail'),
      line('verify', 'verify'),
      line('key from a passphrase', 'passphrase'),
    ],
  );
}
