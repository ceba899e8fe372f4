/** `npm run bench:packed`: search among packed rows in the origin private file system, in Chromium. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openModuleSite } from './module-site.mjs';
import { readOptions, runMain } from './options.mjs';
import { canMeasureMemory } from './memory.mjs';
import { megabytesAbove, openProfile } from './profile-browser.mjs';
import { restingMemory } from './resting-memory.mjs';
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
  file: '../src/store/packed/packed-file.ts',
  checksum: '../src/store/segment/crc32c.ts',
  codes: '../src/core/kernel/pick-code-kernel.ts',
  kernel: '../src/store/packed/packed-kernel.ts',
  exact: '../src/core/kernel/pick-kernel.ts',
  policy: '../src/core/codes/search-policy.ts',
  tasks: '../src/core/next-task.ts',
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
    // Other browsers: nothing of it is in memory.
    const { tenths } = packed;
    const one = await inBrowser(profile, url, { what: 'search', task, tenths });
    const two = await inBrowser(profile, url, { what: 'searchOnTwo', task, tenths });
    return {
      machine: { cpu: cpus()[0]?.model ?? 'unknown', browser: packed.version },
      task,
      packMs: packed.ms,
      one,
      two,
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
 * Runs a part in a worker of a page, in a browser of its own; with the memory that stays, above what the
 * worker took before.
 * @param {string} profile @param {string} url
 * @param {{ readonly what: 'pack' | 'search' | 'searchOnTwo', readonly task: Task, readonly tenths: readonly number[] }} request
 */
async function inBrowser(profile, url, request) {
  const { page, root, version, close } = await openProfile(profile, ['--js-flags=--expose-gc']);
  const settled = async () => {
    if (!canMeasureMemory) return null;
    await page.evaluate(askWorker, { what: 'collect' });
    await page.evaluate('gc()');
    return restingMemory(root);
  };
  try {
    await page.goto(url);
    await page.evaluate(startWorker, url);
    const before = await settled();
    const result = await page.evaluate(askWorker, request);
    const memoryMB = megabytesAbove(await settled(), before);
    return { ...result, memoryMB, version };
  } finally {
    await close();
  }
}

/** Runs in the page, and sees nothing of this file. The worker stays, as a store's does. @param {string} url */
function startWorker(url) {
  Object.assign(globalThis, { worker: new Worker(`${url}worker.js`, { type: 'module' }) });
}

/** Runs in the page, likewise. @param {object} request @returns {Promise<any>} */
function askWorker(request) {
  const { worker } = /** @type {{ readonly worker: Worker }} */ (
    /** @type {unknown} */ (globalThis)
  );
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
function print({ machine, task, packMs, one, two }) {
  const kind = task.noise ? 'isotropic noise' : 'the spectrum of real vectors';
  const both = [one, two];
  printTable(
    `${String(task.rows)} × ${String(task.dimension)}, ${kind} (${machine.cpu}, Chromium ${machine.browser})`,
    ['what', 'one thread', 'two threads'],
    [
      ['search p50, ms', ...both.map(({ times }) => times.p50)],
      ['search p95, ms', ...both.map(({ times }) => times.p95)],
      ...one.filtered.map(
        (/** @type {{ share: number }} */ { share }, /** @type {number} */ index) => [
          `p50 where ${String(share * 100)} % pass, ms`,
          ...both.map(({ filtered }) => filtered[index].times.p50),
        ],
      ),
      ['recall@10', ...both.map(({ recall }) => recall)],
      ['open, ms', ...both.map(({ openMs }) => openMs)],
      ['open to first result, ms', ...both.map(({ firstMs }) => firstMs)],
      ['memory above an idle worker, MB', ...both.map(({ memoryMB }) => memoryMB)],
    ],
  );
  console.log(
    `Packed in ${(packMs / 1000).toFixed(0)} s. Of each pass go on: ` +
      `${String(one.depth.candidates)}, ${String(one.depth.rescored)} rows.`,
  );
}
