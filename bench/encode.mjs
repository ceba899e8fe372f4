/** Encodes through the SDK in the page; each distinct text once. */
import { callBench } from './browser.mjs';
import { decodeRows, joinRows, rowAt } from './rows.mjs';

/** @typedef {import('./metrics.mjs').Rows} Rows */
/** @typedef {import('./browser.mjs').Page} Page */
/** @typedef {(text: string) => Float32Array} VectorOf */

const TEXTS_PER_CALL = 512;
const PICTURES_PER_CALL = 64;
const LONGEST_ERROR = 1e-3;

/**
 * @param {Page} page @param {number} dim @param {Iterable<string>} texts
 * @param {number} [perCall] 1 to encode each alone, as a query is
 * @returns {Promise<VectorOf>}
 */
export async function encodeTexts(page, dim, texts, perCall = TEXTS_PER_CALL) {
  // Those of equal length run together: less padding.
  const distinct = [...new Set(texts)].sort((a, b) => a.length - b.length);
  const parts = [];
  for (let first = 0; first < distinct.length; first += perCall) {
    const some = distinct.slice(first, first + perCall);
    parts.push(checked(decodeRows(await callBench(page, 'embedTexts', some), dim), some.length));
    progress('texts', first + some.length, distinct.length);
  }
  const rows = joinRows(parts, dim);
  const places = new Map(distinct.map((text, at) => [text, at]));
  return (text) => {
    const at = places.get(text);
    if (at === undefined) throw new Error(`"${text}" was not encoded.`);
    return rowAt(rows, at);
  };
}

/**
 * @param {Page} page @param {number} dim @param {readonly string[]} urls
 * @returns {Promise<Rows>}
 */
export async function encodePictures(page, dim, urls) {
  const parts = [];
  for (let first = 0; first < urls.length; first += PICTURES_PER_CALL) {
    const some = urls.slice(first, first + PICTURES_PER_CALL);
    parts.push(checked(decodeRows(await callBench(page, 'embedImages', some), dim), some.length));
    progress('pictures', first + some.length, urls.length);
  }
  return joinRows(parts, dim);
}

/** Figures from rows that are not unit vectors would mean nothing. @param {Rows} rows @param {number} count */
function checked(rows, count) {
  if (rows.count !== count) {
    throw new Error(`The SDK gave ${String(rows.count)} rows for ${String(count)} inputs.`);
  }
  for (let at = 0; at < count; at++) {
    const squares = rowAt(rows, at).reduce((sum, value) => sum + value * value, 0);
    if (!(Math.abs(squares - 1) < LONGEST_ERROR)) throw new Error('A vector is not of length 1.');
  }
  return rows;
}

/** @param {string} what @param {number} done @param {number} total */
function progress(what, done, total) {
  const seconds = Math.round(performance.now() / 1000);
  const line = `${String(seconds)} s  ${what}: ${String(done)} of ${String(total)}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === total ? '\n' : ''}`);
  else if (done === total) console.error(line);
}
