import { describe, expect, test } from 'vitest';
import { splitWords } from './split-words';

const terms = (text: string): string[] => [...splitWords(text)].map(({ term }) => term);
const parts = (text: string): (readonly string[])[] =>
  [...splitWords(text)].map((word) => word.parts);

describe('words', () => {
  test.each([
    ['The dogs’ beach, at 5 p.m.', ['the', 'dogs', 'beach', 'at', '5', 'p', 'm']],
    ['IMG_2024-05-01.jpg', ['img', '2024', '05', '01', 'jpg']],
    ['собака на пляже', ['собака', 'на', 'пляже']],
    ['कुत्ता और बिल्ली', ['कुत्ता', 'और', 'बिल्ली']],
    ['바다에서 개', ['바다에서', '개']],
    ['', []],
    ['— … 🐶', []],
  ])('%s', (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  test.each([
    ['Straße', 'STRASSE'],
    ['Łódź', 'lodz'],
    ['ΟΔΟΣ', 'οδός'],
    ['İstanbul', 'istanbul'],
    ['ﬁlm', 'film'],
    ['Ｃａｆｅ\u0301', 'café'],
    ['ёлка', 'елка'],
    ['مُحَمَّد', 'محمد'],
    ['שָׁלוֹם', 'שלום'],
    ['½', '1⁄2'],
  ])('%s is %s', (left, right) => {
    expect(terms(left)).toEqual(terms(right));
    expect(terms(left)).not.toEqual([]);
  });

  test.each([
    ['か', 'が'],
    ['ก', 'กี'],
    ['कि', 'क'],
  ])('%s is not %s', (left, right) => {
    expect(terms(left)).not.toEqual(terms(right));
  });

  test('scripts without spaces are taken apart, and joined to other words by nothing', () => {
    expect(terms('海辺の犬')).toEqual(['海辺', 'の', '犬']);
    expect(terms('iPhoneで撮影')).toEqual(['iphone', 'で', '撮影']);
    expect(terms('หมาบนชายหาด').length).toBeGreaterThan(1);
    expect(terms('東京タワー2024')).toContain('2024');
  });
});

describe('parts', () => {
  test.each([
    ['IMG2024', [['img', '2024']]],
    ['beachParty', [['beach', 'party']]],
    ['HTML', [[]]],
    ['Café', [[]]],
    ['子犬', [['子', '犬']]],
    ['犬', [[]]],
    ['タワー', [[]]],
  ])('of %s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });
});
