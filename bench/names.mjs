/** The table of names: which synset is called what in which language. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/**
 * First names: language → synset → name.
 * @typedef {ReadonlyMap<string, ReadonlyMap<string, string>>} Names
 */

/** A lemma as a person types it. @param {string} lemma */
export function cleanLemma(lemma) {
  // In the source `+` parts the morphemes of Chinese and `_` stands for a space.
  return lemma.replaceAll('+', '').replaceAll('_', ' ').trim();
}

/** What two names have in common that differ in nothing that a search looks at. @param {string} name */
export function normaliseName(name) {
  return name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/**
 * First names of the synsets asked for.
 * @param {AsyncIterable<string> | Iterable<string>} lines of the table, its header first
 * @param {ReadonlySet<string>} synsets
 * @returns {Promise<Names>}
 */
export async function parseNames(lines, synsets) {
  /** @type {Map<string, Map<string, string>>} */
  const names = new Map();
  /** @type {{ synset: number, language: number, lemmas: number } | null} */
  let columns = null;
  for await (const line of lines) {
    const cells = line.split('\t');
    if (columns === null) {
      columns = columnsOf(cells);
      continue;
    }
    const synset = cells[columns.synset] ?? '';
    if (!synsets.has(synset)) continue;
    const name = (cells[columns.lemmas] ?? '').split('|').map(cleanLemma).find(Boolean);
    if (name === undefined) continue;
    const language = cells[columns.language] ?? '';
    const known = names.get(language) ?? new Map();
    if (!known.has(synset)) known.set(synset, name);
    names.set(language, known);
  }
  return names;
}

/** @param {string} file gzipped @param {ReadonlySet<string>} synsets */
export async function readNames(file, synsets) {
  return parseNames(readGzippedLines(file), synsets);
}

/** @param {string} file gzipped @returns {AsyncIterable<string>} */
export function readGzippedLines(file) {
  const source = createReadStream(file);
  const text = createGunzip();
  // `pipe` does not hand errors on, and a missing file would otherwise never end.
  source.on('error', (error) => text.destroy(error));
  return createInterface({ input: source.pipe(text), crlfDelay: Infinity });
}

/** @param {readonly string[]} header */
function columnsOf(header) {
  const [synset, language, lemmas] = ['synset', 'language', 'lemmas'].map((column) => {
    const at = header.indexOf(column);
    if (at >= 0) return at;
    throw new Error(`The table of names has no column "${column}": ${header.join(', ')}.`);
  });
  return { synset: Number(synset), language: Number(language), lemmas: Number(lemmas) };
}
