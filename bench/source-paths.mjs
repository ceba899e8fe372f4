/** From places in the built pages back to the source, by source maps. */
import { readFile, readdir } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { basename, join } from 'node:path';

/** @typedef {import('./cpu-profile.mjs').CallFrame} CallFrame */

/**
 * Resolves to a function that gives the path of a frame's source from the root of the repository,
 * or its URL where no map knows it.
 * @param {string} folder with maps, anywhere in it
 * @returns {Promise<(frame: CallFrame) => string>}
 */
export async function readSourcePaths(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((name) =>
    name.endsWith('.map'),
  );
  const maps = new Map(
    await Promise.all(
      names.map(async (name) => {
        const payload = JSON.parse(await readFile(join(folder, name), 'utf8'));
        return /** @type {const} */ ([basename(name, '.map'), new SourceMap(payload)]);
      }),
    ),
  );
  return ({ url, lineNumber, columnNumber }) => {
    const entry = maps.get(basename(url))?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !('originalSource' in entry)) return url;
    return entry.originalSource.replace(/^(\.\.\/)+/, '');
  };
}
