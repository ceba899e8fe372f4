/** Texts of an exact number of a model's tokens, made of the words of the bench's queries. */
import { Tokenizer } from '@huggingface/tokenizers';
import { readFile } from 'node:fs/promises';
import { textsOfTokens } from './models-texts.mjs';
import { QUERY_TEXTS } from './query-texts.mjs';

/** @param {string} file the model's tokenizer.json */
export async function readTextMaker(file) {
  const tokenizer = new Tokenizer(JSON.parse(await readFile(file, 'utf8')), {});
  const idsOf = (/** @type {string} */ text) => tokenizer.encode(text).ids;
  const words = [...new Set(QUERY_TEXTS.flatMap((text) => text.split(' ')))];
  return {
    idsOf,
    /** Different texts, special tokens counted. @param {number} tokens @param {number} texts */
    make: (tokens, texts) => textsOfTokens(words, (text) => idsOf(text).length, { tokens, texts }),
  };
}
