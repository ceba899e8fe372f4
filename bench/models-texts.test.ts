import { expect, test } from 'vitest';
import { textsOfTokens } from './models-texts.mjs';

/** A token for each letter, and two special ones. */
const count = (text: string): number => text.replaceAll(' ', '').length + 2;

test('makes different texts of just so many tokens', () => {
  const texts = textsOfTokens(['three', 'one', 'a'], count, { tokens: 12, texts: 3 });
  expect(texts).toEqual(['three one a a', 'one a three a', 'a three one a']);
  expect(texts.map(count)).toEqual([12, 12, 12]);
});

test('says when the words cannot make that number', () => {
  const wanted = { tokens: 8, texts: 1 };
  expect(() => textsOfTokens(['four'], count, wanted)).toThrow('No word has as few as 2 tokens.');
  expect(() => textsOfTokens([''], count, wanted)).toThrow('No word has as few as 6 tokens.');
});

test('passes over words that join to other tokens than they have alone', () => {
  const joined = (text: string): number => count(text.replace('a b', 'c'));
  const wanted = { tokens: 4, texts: 1 };
  expect(textsOfTokens(['a', 'b'], joined, wanted)).toEqual(['b a']);
  const always = (text: string): number => count(text.replace(/a b|b a/, 'c'));
  expect(() => textsOfTokens(['a', 'b'], always, wanted)).toThrow(
    'The words make no other text of 4 tokens, but of 3.',
  );
});

test('makes no text twice', () => {
  const wanted = { tokens: 4, texts: 3 };
  expect(textsOfTokens(['a', 'b', 'c'], count, wanted)).toEqual(['a b', 'b c', 'c a']);
  expect(() => textsOfTokens(['a', 'b', 'c'], count, { ...wanted, texts: 4 })).toThrow(
    'The words make no other text of 4 tokens',
  );
});
