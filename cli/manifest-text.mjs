/** `manifest.json` as text: the same content gives the same bytes, which signatures depend on. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { Failure } from './failure.mjs';

/** As in the documentation; what a later release adds follows in its own order. */
const FIRST_FIELDS = [
  'formatVersion',
  'id',
  'version',
  'dimension',
  'files',
  'text',
  'image',
  'golden',
  'calibration',
  'licence',
  'provenance',
];

/** @param {Readonly<Record<string, unknown>>} manifest */
export function manifestText(manifest) {
  const known = FIRST_FIELDS.filter((field) => field in manifest);
  const later = Object.keys(manifest).filter((field) => !FIRST_FIELDS.includes(field));
  const sorted = Object.fromEntries([...known, ...later].map((field) => [field, manifest[field]]));
  return `${JSON.stringify(sorted, null, 1)}\n`;
}

/** @param {string} path @returns {Promise<Record<string, unknown> | null>} null where there is none */
export async function readManifestJson(path) {
  const text = await readFile(path, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : parseObject(text, path);
}

/** @param {string} text @param {string} where for the message @returns {Record<string, unknown>} */
export function parseObject(text, where) {
  /** @type {unknown} */
  let json;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${where} is not JSON: ${String(error)}`, error);
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return /** @type {Record<string, unknown>} */ (json);
  }
  throw new Failure(`${where} is ${JSON.stringify(json).slice(0, 40)}, expected an object.`);
}

/** Replaces a file as a whole: nobody is served half of it. @param {string} path @param {string} text */
export async function replaceFile(path, text) {
  const unfinished = `${path}.new`;
  await writeFile(unfinished, text);
  await rename(unfinished, path);
}
