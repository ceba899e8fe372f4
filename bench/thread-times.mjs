/** Processor time of a browser's threads, from /proc; Linux only. */
import { readFile, readdir } from 'node:fs/promises';
import { processTree } from './memory.mjs';

/** What Chromium calls the thread of any worker. */
const WORKER = 'DedicatedWorker';

/** @typedef {{ readonly name: string, readonly ms: number }} ThreadTime */

/**
 * Processor time of each thread so far, by process and thread id.
 * @param {number} root the browser's first process
 * @returns {Promise<ReadonlyMap<string, ThreadTime>>}
 */
export async function threadTimes(root) {
  const times = await Promise.all((await processTree(root)).map(timesOfProcess));
  return new Map(times.flat());
}

/** @param {number} process @returns {Promise<[string, ThreadTime][]>} */
async function timesOfProcess(process) {
  const folder = `/proc/${String(process)}`;
  const kind = processKind(await text(`${folder}/cmdline`));
  const threads = await readdir(`${folder}/task`).catch(() => []);
  return Promise.all(
    threads.map(async (thread) => {
      const own = `${folder}/task/${thread}`;
      const name = (await text(`${own}/comm`)).trim();
      // Its first number: nanoseconds on a processor.
      const ms = Number((await text(`${own}/schedstat`)).split(' ')[0]) / 1e6;
      const thisThread = thread === String(process) ? 'main thread' : name;
      return /** @type {[string, ThreadTime]} */ ([
        `${String(process)}/${thread}`,
        { name: `${kind}: ${thisThread}`, ms },
      ]);
    }),
  );
}

/**
 * Milliseconds by name, largest first, of what ran between two looks; workers each by itself, with
 * a number behind the name. A thread that is gone by the second look is left out.
 * @param {ReadonlyMap<string, ThreadTime>} before @param {ReadonlyMap<string, ThreadTime>} after
 */
export function timesBetween(before, after) {
  const spent = [...after]
    .map(([id, { name, ms }]) => ({ name, ms: ms - (before.get(id)?.ms ?? 0) }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
  /** @type {Map<string, number>} */
  const sums = new Map();
  let workers = 0;
  for (const { name, ms } of spent) {
    const key = name.endsWith(WORKER) ? `${name} ${String(++workers)}` : name;
    sums.set(key, (sums.get(key) ?? 0) + ms);
  }
  return new Map([...sums].sort(([, a], [, b]) => b - a));
}

/** By its arguments, which are separated by zeros. @param {string} commandLine */
export function processKind(commandLine) {
  const type = /--type=([\w-]+)/.exec(commandLine)?.[1] ?? 'browser';
  return /--utility-sub-type=(\w+)/.exec(commandLine)?.[1] ?? type;
}

/** A thread may end at any moment: then it has spent nothing. @param {string} path */
function text(path) {
  return readFile(path, 'utf8').catch(() => '');
}
