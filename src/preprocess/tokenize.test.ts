import { expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { createTokenize } from './tokenize';

/** Lower case, split at spaces, one piece per letter or known word. */
const json = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: null,
  decoder: null,
  model: {
    type: 'Unigram',
    unk_id: 0,
    vocab: [
      ['<unk>', 0],
      ['<pad>', 0],
      ['▁dog', -1],
      ['▁cat', -1],
      ['s', -2],
      ['▁', -3],
    ],
    byte_fallback: false,
  },
};
const tokenize = createTokenize(json, { maxTokens: 3, padId: 1 });

test('pads to the longest', () => {
  const batch = tokenize(['Dogs', 'cat']);
  expect([batch.count, batch.length]).toEqual([2, 2]);
  expect([...batch.ids]).toEqual([2n, 4n, 3n, 1n]);
  expect([...batch.mask]).toEqual([1n, 1n, 1n, 0n]);
});

test('cuts at the limit', () => {
  const batch = tokenize(['dog cat dog cat dog']);
  expect([...batch.ids]).toEqual([2n, 3n, 2n]);
});

test('an empty text has one token', () => {
  const batch = tokenize(['', 'dogs']);
  expect([...batch.mask]).toEqual([1n, 0n, 1n, 1n]);
  expect([...batch.ids].slice(0, 2)).toEqual([1n, 1n]);
});

test('no text at all is an empty batch', () => {
  expect(tokenize([])).toMatchObject({ count: 0, length: 0 });
});

test('what is no tokenizer is refused', () => {
  let thrown: unknown;
  try {
    createTokenize({ model: { type: 'nothing known' } }, { maxTokens: 3, padId: 1 });
  } catch (error) {
    thrown = error;
  }
  expect(isPhotoglotError(thrown) && thrown.code).toBe('session-failed');
});
