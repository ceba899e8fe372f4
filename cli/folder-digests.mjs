/** Digests of the files in a folder, one after the other. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { FileDigester } from './file-digester.mjs';
import { bytesText, textTable } from './text-table.mjs';

/** @typedef {import('./file-digester.mjs').Digests} Digests */

/**
 * By name, in the order of the names. Throws at an empty file.
 * @param {string} folder @param {readonly string[]} names @param {number} chunkSize bytes
 */
export async function digestFiles(folder, names, chunkSize) {
  /** @type {Map<string, Digests>} */
  const digests = new Map();
  for (const name of names) {
    const digester = new FileDigester(chunkSize);
    await digester.read(createReadStream(join(folder, name), { highWaterMark: 2 ** 20 }));
    const digest = digester.finish();
    if (digest.size === 0) throw new Failure(`${join(folder, name)} is empty. Export it again.`);
    digests.set(name, digest);
  }
  return digests;
}

/** For people. @param {ReadonlyMap<string, Digests>} digests */
export function digestTable(digests) {
  const rows = [...digests].map(([name, { size, sha256, chunks }]) => [
    name,
    bytesText(size),
    String(chunks.length),
    `${sha256.slice(0, 16)}…`,
  ]);
  const total = [...digests.values()].reduce((sum, { size }) => sum + size, 0);
  const head = ['file', 'bytes', 'chunks', 'SHA-256'];
  return textTable([head, ...rows, ['', bytesText(total), '', '']], [1, 2]);
}
