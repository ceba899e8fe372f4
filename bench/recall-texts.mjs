/** Distinct texts to be searched, and those that ask. */
import { cleanLemma, readGzippedLines } from './names.mjs';

/**
 * The first distinct ones: names in all languages, then captions.
 * @param {string} names gzipped table @param {readonly string[]} captions gzipped files, a text per line
 * @param {number} most
 */
export async function distinctTexts(names, captions, most) {
  /** @type {Set<string>} */
  const texts = new Set();
  for await (const lemmas of lemmaCells(readGzippedLines(names))) {
    for (const lemma of lemmas.split('|')) if (texts.size < most) texts.add(cleanLemma(lemma));
  }
  texts.delete('');
  for (const file of captions) {
    for await (const line of readGzippedLines(file)) {
      const text = line.trim();
      if (text !== '' && texts.size < most) texts.add(text);
    }
  }
  return [...texts];
}

/**
 * The column of that name. @param {AsyncIterable<string> | Iterable<string>} lines
 * @returns {AsyncGenerator<string>}
 */
export async function* lemmaCells(lines) {
  let column = -1;
  for await (const line of lines) {
    const cells = line.split('\t');
    if (column < 0) {
      column = cells.indexOf('lemmas');
      if (column < 0) throw new Error(`The table of names has no column "lemmas": ${line}.`);
    } else yield cells[column] ?? '';
  }
}

/**
 * So many of them, evenly spread, the first included.
 * @template T @param {readonly T[]} all @param {number} most
 */
export function spreadOver(all, most) {
  const count = Math.min(most, all.length);
  return Array.from({ length: count }, (_, index) => {
    const [one] = all.slice(Math.floor((index * all.length) / count));
    return /** @type {T} */ (one);
  });
}
