/** Real vectors, by the SDK in the page, kept in a folder for the next time. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mixedRows, readNpy } from './mixed-vectors.mjs';
import { writeNpy } from './npy-writer.mjs';
import { randomWords } from './random-words.mjs';

const TEXTS_PER_CALL = 8192;
const PICTURES_PER_CALL = 16;

/** @typedef {import('./recall-visits.mjs').RecallCall} RecallCall */

/**
 * Encodes what is not kept yet; gives the name of the file, and how many vectors it has.
 * @param {{
 *   readonly call: RecallCall, readonly cache: string, readonly model: string, readonly dimension: number,
 * }} place
 * @param {string} name what the vectors are of @param {readonly string[]} texts
 */
export async function textVectors({ call, cache, model, dimension }, name, texts) {
  // Those of equal length run together: less padding.
  const ordered = [...texts].sort((a, b) => a.length - b.length);
  const pieces = async function* () {
    for (let first = 0; first < ordered.length; first += TEXTS_PER_CALL) {
      yield bytesOf(await call('embedTexts', ordered.slice(first, first + TEXTS_PER_CALL)));
      progress(name, Math.min(first + TEXTS_PER_CALL, ordered.length), ordered.length);
    }
  };
  const size = { rows: ordered.length, dimension };
  return kept(cache, fileName(model, name, ordered), size, pieces);
}

/**
 * Likewise of pictures, by URL: of the whole, or of so many different parts of each.
 * @param {Parameters<typeof textVectors>[0]} place @param {string} name
 * @param {readonly string[]} urls @param {number | null} parts null for the whole
 */
export async function pictureVectors({ call, cache, model, dimension }, name, urls, parts) {
  const pieces = async function* () {
    for (let first = 0; first < urls.length; first += PICTURES_PER_CALL) {
      const some = urls.slice(first, first + PICTURES_PER_CALL);
      if (parts === null) yield bytesOf(await call('embedImages', some));
      else {
        for (const [index, url] of some.entries()) {
          yield bytesOf(await call('embedCrops', { url, count: parts, seed: first + index }));
        }
      }
      progress(name, Math.min(first + PICTURES_PER_CALL, urls.length), urls.length);
    }
  };
  const rows = urls.length * (parts ?? 1);
  const source = [String(parts), ...urls];
  return kept(cache, fileName(model, name, source), { rows, dimension }, pieces);
}

/**
 * Rows of which the first are those of a file, and the others mixtures of these; see `mixedRows`.
 * @param {Pick<Parameters<typeof textVectors>[0], 'cache' | 'dimension'>} place
 * @param {{ readonly file: string, readonly rows: number }} real @param {number} rows
 */
export async function mixedVectors({ cache, dimension }, real, rows) {
  const numbers = await readNpy(join(cache, real.file), { rows: real.rows, dimension });
  const words = randomWords(1);
  const random = () => words() / 2 ** 32;
  const pieces = async function* () {
    yield* await Promise.resolve(mixedRows(numbers, { rows, dimension, random }));
  };
  return kept(cache, `mixed-${String(rows)}-${real.file}`, { rows, dimension }, pieces);
}

/** Another one for other inputs. @param {string} model @param {string} name @param {readonly string[]} source */
function fileName(model, name, source) {
  const digest = createHash('sha256').update(JSON.stringify(source)).digest('hex');
  return `${model}-${name}-${digest.slice(0, 12)}.npy`;
}

/**
 * @param {string} cache @param {string} file its name there
 * @param {{ readonly rows: number, readonly dimension: number }} size
 * @param {() => AsyncIterable<Uint8Array>} pieces
 */
async function kept(cache, file, size, pieces) {
  const path = join(cache, file);
  if (!existsSync(path)) await writeNpy(path, size, pieces());
  return { file, rows: size.rows };
}

/** @param {string} base64 */
function bytesOf(base64) {
  return Buffer.from(base64, 'base64');
}

/** @param {string} what @param {number} done @param {number} total */
function progress(what, done, total) {
  const seconds = Math.round(performance.now() / 1000);
  console.error(`${String(seconds)} s  ${what}: ${String(done)} of ${String(total)}`);
}
