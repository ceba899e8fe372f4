/** Whose memory it is: a browser's processes by what they are for. */
import { readFile } from 'node:fs/promises';
import { processTree } from './memory.mjs';

/** From a process's command line, as /proc gives it. @param {string} text */
export function kindOf(text) {
  const type = /--type=([\w-]+)/.exec(text)?.[1] ?? 'browser';
  const service = /--utility-sub-type=(\w+)/.exec(text)?.[1];
  return type === 'utility' && service !== undefined ? service : type;
}

/** Bytes that are not shared with a file, from the text of a smaps_rollup. @param {string} text */
export function parseAnonymous(text) {
  return Number(/^Anonymous:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/**
 * Private bytes by kind of process. What other browsers on the machine do does not move them, as it
 * does PSS.
 * @param {number} root @returns {Promise<Record<string, number>>}
 */
export async function privateByKind(root) {
  /** @type {Record<string, number>} */
  const bytes = {};
  for (const id of await processTree(root)) {
    const kind = kindOf(await read(id, 'cmdline'));
    bytes[kind] = (bytes[kind] ?? 0) + parseAnonymous(await read(id, 'smaps_rollup'));
  }
  return bytes;
}

/** A process may end at any moment. @param {number} id @param {string} name */
function read(id, name) {
  return readFile(`/proc/${String(id)}/${name}`, 'utf8').catch(() => '');
}
