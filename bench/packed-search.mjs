/** `npm run bench:packed`: search among packed rows in the origin private file system, in Chromium. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModuleSite } from './module-site.mjs';
import { readOptions, runMain } from './options.mjs';
import { megabytesAbove, openProfile, settledMemory } from './profile-browser.mjs';
import { printTable } from './table.mjs';

/** @typedef {import('./packed-measure.mjs').Task} Task */

const OPTIONS = /** @type {const} */ ({
  rows: { value: 'N', kind: 'count', default: '1000000' },
  dimension: { value: 'N', kind: 'count', default: '1024' },
  queries: { value: 'N', kind: 'count', default: '100' },
  noise: { value: '1' },
});
/** Modules that the worker loads; packed rows are no part of the public interface. */
const ENTRIES = {
  measure: './packed-measure.mjs',
  vectors: './spectrum-vectors.ts',
  codebook: '../src/store/packed/codebook.ts',
  pack: '../src/store/packed/pack-rows.ts',
  packed: '../src/store/packed/packed-rows.ts',
  folder: '../src/store/segment/opfs-folder.ts',
  reader: '../src/store/segment/segment-reader.ts',
  checksum: '../src/store/segment/crc32c.ts',
  codes: '../src/core/kernel/pick-code-kernel.ts',
  exact: '../src/core/kernel/pick-kernel.ts',
  policy: '../src/core/codes/search-policy.ts',
};
await runMain(async () => {
  const { values, json } = readOptions('npm run bench:packed --', OPTIONS, process.argv.slice(2));
  const task = {
    rows: Number(values['rows']),
    dimension: Number(values['dimension']),
    queries: Number(values['queries']),
    noise: values['noise'] !== undefined,
  };
  const [site, profile] = await Promise.all(
    ['site-', 'profile-'].map((name) => mkdtemp(join(tmpdir(), `photoglot-packed-${name}`))),
  );
  try {
    const report = await measure(site ?? '', profile ?? '', task);
    if (json) console.log(JSON.stringify(report));
    else print(report);
  } finally {
    for (const folder of [site, profile]) {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
});

/** @param {string} site @param {string} profile @param {Task} task */
async function measure(site, profile, task) {
  const title = 'Packed rows';
  const server = await openModuleSite({ folder: site, title, port: 4392, entries: ENTRIES });
  await writeWorker(site);
  const { url } = server;
  try {
    console.error('packing …');
    const packed = await inBrowser(profile, url, { what: 'pack', task, tenths: [] });
    console.error('searching …');
    // Another browser: nothing of it is in memory.
    const searched = await inBrowser(profile, url, { what: 'search', task, tenths: packed.tenths });
    return {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', browser: searched.version },
      task,
      packMs: packed.ms,
      ...searched,
    };
  } finally {
    await server.close();
  }
}

/** @param {string} folder */
async function writeWorker(folder) {
  const names = Object.keys(ENTRIES);
  const imports = names.map((name, index) => `import * as m${String(index)} from './${name}.js';`);
  const modules = names.map((_, index) => `...m${String(index)}`).join(', ');
  const worker = `${imports.join('\n')}
const modules = { ${modules} };
onmessage = async ({ data: { what, task, tenths } }) => {
  try {
    postMessage({ result: await modules[what](modules, task, tenths) });
  } catch (thrown) {
    postMessage({ failure: String(thrown?.stack ?? thrown) });
  }
};`;
  await writeFile(join(folder, 'worker.js'), worker);
}

/**
 * Runs a part in a worker of a page, in a browser of its own; with the memory that it settles at.
 * @param {string} profile @param {string} url
 * @param {{ readonly what: 'pack' | 'search', readonly task: Task, readonly tenths: readonly number[] }} request
 */
async function inBrowser(profile, url, request) {
  const { page, root, version, close } = await openProfile(profile);
  try {
    await page.goto(url);
    const empty = await settledMemory(root);
    const result = await page.evaluate(askWorker, { url, request });
    const memoryMB = megabytesAbove(await settledMemory(root), empty);
    return { ...result, memoryMB, version };
  } finally {
    await close();
  }
}

/**
 * Runs in the page, and sees nothing of this file. The worker stays, as a store's does.
 * @param {{ readonly url: string, readonly request: object }} task
 * @returns {Promise<any>}
 */
async function askWorker({ url, request }) {
  const worker = new Worker(`${url}worker.js`, { type: 'module' });
  Object.assign(globalThis, { worker });
  return new Promise((resolve, reject) => {
    worker.onerror = ({ message }) => {
      reject(new Error(message));
    };
    worker.onmessage = ({ data }) => {
      if (data.failure === undefined) resolve(data.result);
      else reject(new Error(data.failure));
    };
    worker.postMessage(request);
  });
}

/** @param {Awaited<ReturnType<typeof measure>>} report */
function print({
  machine,
  task,
  packMs,
  openMs,
  firstMs,
  times,
  filtered,
  recall,
  memoryMB,
  depth,
}) {
  const kind = task.noise ? 'isotropic noise' : 'the spectrum of real vectors';
  printTable(
    `${String(task.rows)} × ${String(task.dimension)}, ${kind} (${machine.cpu}, Chromium ${machine.browser}, one thread)`,
    ['what', 'figure'],
    [
      ['search p50, ms', times.p50],
      ['search p95, ms', times.p95],
      ...filtered.map((/** @type {{ share: number, times: { p50: number } }} */ each) => [
        `p50 where ${String(each.share * 100)} % pass, ms`,
        each.times.p50,
      ]),
      ['recall@10', recall],
      ['open, ms', openMs],
      ['open to first result, ms', firstMs],
      ['memory above an empty page, MB', memoryMB],
      ['packing, s', packMs / 1000],
      ['rows scored again, then read', `${depth.candidates}, ${depth.rescored}`],
    ],
  );
}
