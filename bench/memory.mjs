/** Memory of a browser: the proportional set size (PSS) of all of its processes, from /proc. */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

const INTERVAL_MS = 100;

/** Only Linux tells how much of shared memory is whose. */
export const canMeasureMemory = existsSync('/proc/self/smaps_rollup');

/** Bytes, from the text of a smaps_rollup; 0 without any. @param {string} text */
export function parsePss(text) {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** The parent's id, from the text of a /proc/ID/stat; its name may contain anything. @param {string} text */
export function parseParent(text) {
  const [, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(parent);
}

/** The process and all below it. @param {number} root @param {ReadonlyMap<number, number>} parents */
export function descendants(root, parents) {
  const found = new Set([root]);
  // A Set goes on to what is added on the way.
  for (const parent of found) {
    for (const [id, of] of parents) if (of === parent) found.add(id);
  }
  return [...found];
}

/** The process and all below it now. @param {number} root */
export async function processTree(root) {
  const ids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const parents = new Map(
    await Promise.all(
      ids.map(async (id) => /** @type {const} */ ([id, parseParent(await read(id, 'stat'))])),
    ),
  );
  return descendants(root, parents);
}

/** The group of a running process, from the text of a /proc/ID/stat; null when it has ended. @param {string} text */
export function parseRunningGroup(text) {
  const [state = '', , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // One that has ended is listed until its parent takes notice.
  return group === undefined || 'ZX'.includes(state) ? null : Number(group);
}

/** Whether a process of that group runs. @param {number} group */
export async function isGroupRunning(group) {
  const ids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const groups = await Promise.all(
    ids.map(async (id) => parseRunningGroup(await read(id, 'stat'))),
  );
  return groups.includes(group);
}

/** Bytes that the process and all below it use now. @param {number} root */
export async function treePss(root) {
  const ids = await processTree(root);
  const sizes = await Promise.all(ids.map(async (id) => parsePss(await read(id, 'smaps_rollup'))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A process may end at any moment: then it uses nothing. @param {number} id @param {string} name */
function read(id, name) {
  return readFile(`/proc/${String(id)}/${name}`, 'utf8').catch(() => '');
}

/** Samples until it is stopped. @param {number} root */
export function watchMemory(root) {
  const stopping = new AbortController();
  /** @type {number[]} */
  const samples = [];
  const done = (async () => {
    while (!stopping.signal.aborted) {
      const next = wait(INTERVAL_MS);
      samples.push(await treePss(root));
      await next;
    }
  })();
  return {
    /** @returns {Promise<readonly number[]>} bytes */
    stop: async () => {
      stopping.abort();
      await done;
      return samples;
    },
  };
}
