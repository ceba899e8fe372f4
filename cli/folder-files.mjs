/** What lies in a model's folder. */
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { Failure } from './failure.mjs';

/** Made by this tool: no files of the model. */
const OWN = new Set(['manifest.json', 'manifest.json.sig', 'listing.json']);

/**
 * Names relative to the folder, with `/`, sorted; hidden files, and what this tool makes, left out.
 * @param {string} folder @returns {Promise<string[]>}
 */
export async function folderFiles(folder) {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) throw new Failure(`"${folder}" is no folder.`);
  const names = await readdir(folder, { recursive: true });
  const files = [];
  for (const name of names.map((path) => path.split(sep).join('/'))) {
    if (OWN.has(name) || /(^|\/)\./.test(name)) continue;
    // Follows links: download caches keep their files elsewhere and link to them.
    if ((await stat(join(folder, name))).isFile()) files.push(name);
  }
  return files.sort();
}

/** Whether it is for people: model card, licence. @param {string} name */
export function isDocument(name) {
  return /\.md$/i.test(name) || /(^|\/)(licen[cs]e|notice|copying)[^/]*$/i.test(name);
}
