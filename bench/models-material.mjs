/** What the models bench encodes: texts of exact lengths in the tokens of the model at hand. */
import { join } from 'node:path';
import { peerVariant, readManifest } from './text-variant.mjs';
import { readTextMaker } from './token-texts.mjs';

export const QUERY_TOKENS = 12;
export const PASSAGE_TOKENS = 512;
const QUERIES = 24;
const WARM_UP = 4;
const PASSAGES = 3;

/**
 * @param {string} folder of the model
 * @param {number | null} longTokens of one more passage; null for none
 */
export async function loadMaterial(folder, longTokens) {
  const manifest = await readManifest(folder);
  const variant = peerVariant(manifest);
  const { idsOf, make } = await readTextMaker(join(folder, variant.files.tokenizer));
  const short = make(QUERY_TOKENS, WARM_UP + QUERIES);
  const [passage = ''] = make(PASSAGE_TOKENS, 1);
  return {
    tower: manifest.text,
    variant,
    /** @type {import('./models-visit.mjs').Texts} */
    texts: {
      warmUp: short.slice(0, WARM_UP),
      queries: short.slice(WARM_UP),
      passages: Array.from({ length: PASSAGES }, () => passage),
    },
    long: longTokens === null ? null : (make(longTokens, 1)[0] ?? null),
    idsOf,
  };
}

/** @typedef {Awaited<ReturnType<typeof loadMaterial>>} Material */
