/** Reads what the evaluation is made of: pictures, labels and captions. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readGzippedLines } from './names.mjs';
import { UsageError } from './options.mjs';

/**
 * A class with its one picture. `index` is its place in the order of wnids.
 * @typedef {{ readonly index: number, readonly synset: string, readonly file: string }} Class
 */

/**
 * @typedef {{
 *   readonly files: readonly string[],
 *   readonly categories: readonly {
 *     readonly name: string, readonly synset: string, readonly photos: ReadonlySet<number>,
 *   }[],
 * }} Everyday
 */

/**
 * Pairs of lines: `query[i]` says what `english[i]` says.
 * @typedef {{ readonly language: string, readonly queries: readonly string[] }} Captions
 */

const HELD_OUT_CAPTIONS = 1000;
const CAPTION_LANGUAGES = { deu: 'de', fra: 'fr', ces: 'cs' };

/** Of every two classes one is scored: training may look at the other's picture. @param {Class} one */
export const isScored = ({ index }) => index % 2 === 0;
/** Those that the second set of weights knows nothing of. @param {Class} one */
export const isUnseen = ({ index }) => index % 10 === 0;

/**
 * The classes of a folder with files like n02084071_dog.jpg, by wnid.
 * @param {string} folder @returns {Promise<Class[]>}
 */
export async function readClasses(folder) {
  const found = (await readdir(folder)).flatMap((file) => {
    const [, offset] = /^n(\d{8})_.*\.jpe?g$/i.exec(file) ?? [];
    return offset === undefined ? [] : [{ file, synset: `${offset}-n` }];
  });
  if (found.length === 0) {
    throw new UsageError(`--images: ${folder} has no pictures named like n02084071_dog.jpg.`);
  }
  found.sort((a, b) => (a.synset < b.synset ? -1 : 1));
  const twice = found.find(({ synset }, at) => synset === found[at + 1]?.synset);
  if (twice !== undefined) {
    throw new UsageError(`--images: ${folder} has several pictures of ${twice.synset}.`);
  }
  return found.map((one, index) => ({ index, ...one }));
}

/**
 * The first `limit` photos of a folder with `images` and `labels.json`, and what is on them.
 * @param {string} folder @param {number} limit @returns {Promise<Everyday>}
 */
export async function readEveryday(folder, limit) {
  const { categories, labels } =
    /** @type {{ categories: { name: string, synset: string }[], labels: Record<string, string[]> }} */ (
      JSON.parse(await readFile(join(folder, 'labels.json'), 'utf8'))
    );
  const files = Object.keys(labels).sort().slice(0, limit);
  const shown = categories.map(({ name, synset }) => {
    const photos = files.flatMap((file, at) => (labels[file]?.includes(name) === true ? [at] : []));
    return { name, synset, photos: new Set(photos) };
  });
  return { files, categories: shown.filter(({ photos }) => photos.size > 0) };
}

/**
 * The captions that training leaves out: the last 1,000 (or fewer, by `limit`).
 * @param {string} folder @param {number} limit
 * @returns {Promise<{ english: string[], others: Captions[] }>}
 */
export async function readCaptions(folder, limit) {
  const last = async (/** @type {string} */ code) => {
    const lines = [];
    for await (const line of readGzippedLines(join(folder, `train.${code}.gz`))) lines.push(line);
    return lines.slice(-HELD_OUT_CAPTIONS).slice(0, limit);
  };
  const english = await last('en');
  const others = await Promise.all(
    Object.entries(CAPTION_LANGUAGES).map(async ([language, code]) => {
      const queries = await last(code);
      if (queries.length !== english.length) throw new Error(`Captions differ in number: ${code}.`);
      return { language, queries };
    }),
  );
  return { english, others };
}
