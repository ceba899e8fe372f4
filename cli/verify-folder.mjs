/** A model in a folder of this machine. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chunkSizeOf, compareDigests, fail } from './compare-digests.mjs';
import { FileDigester } from './file-digester.mjs';

/** @param {string} folder @returns {import('./verify.mjs').Place} */
export function openFolder(folder) {
  return {
    where: folder,
    async read(name) {
      const bytes = await readFile(join(folder, name)).catch(nullWhereMissing);
      return bytes === null ? null : { bytes: new Uint8Array(bytes), findings: [] };
    },
    async checkFile(name, expected) {
      const digester = new FileDigester(chunkSizeOf(expected));
      try {
        await digester.read(createReadStream(join(folder, name), { highWaterMark: 2 ** 20 }));
      } catch (error) {
        nullWhereMissing(error);
        return { bytes: 0, findings: [fail('missing', 'It is not in the folder.')] };
      }
      const found = digester.finish();
      return { bytes: found.size, findings: compareDigests(expected, found) };
    },
    finish: () => ({ pages: null, findings: [] }),
  };
}

/** @param {unknown} error @returns {null} */
function nullWhereMissing(error) {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
