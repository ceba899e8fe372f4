import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PrecompiledCharsmap } from './precompiled-charsmap';
import { normalisePrecompiled } from './precompiled-normalise';

interface Normalised {
  /** Code points that the charsmap changes, and what they become. */
  readonly characters: readonly (readonly [number, string])[];
  /** Strings, with what they become if that is something else. */
  readonly strings: readonly (readonly [string, string?])[];
}

interface Json {
  readonly normalizer: {
    readonly normalizers: readonly [{ readonly precompiled_charsmap: string }];
  };
}

function read(name: string): unknown {
  const url = new URL(`./fixtures/tokenizer/${name}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as unknown;
}

const { characters, strings } = read('normalised.json') as Normalised;
const { normalizer } = read('xlm-r.tokenizer.json') as Json;
const charsmap = new PrecompiledCharsmap(normalizer.normalizers[0].precompiled_charsmap);

test('every character becomes what the Python library makes of it', () => {
  const changed = new Map(characters);
  const wrong: number[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const char = String.fromCodePoint(code);
    if (normalisePrecompiled(char, charsmap) !== (changed.get(code) ?? char)) wrong.push(code);
  }
  expect(wrong).toEqual([]);
});

test('every string becomes what the Python library makes of it', () => {
  expect(strings.length).toBeGreaterThan(2000);
  const wrong = strings.filter(
    ([text, expected = text]) => normalisePrecompiled(text, charsmap) !== expected,
  );
  expect(wrong).toEqual([]);
});

test.each([
  ['composes a letter and its mark', 'e\u0301', 'é'],
  ['composes no jamo, as they are more than 5 bytes', '\u1112\u1161', '\u1112\u1161'],
  ['loses a short mark after a ligature', 'ﬁ\u0301', 'fi'],
  ['keeps a long mark after a ligature', 'ﬁ\u20d0', 'fi\u20d0'],
  ['makes one space of a line end', 'a\r\nb', 'a b'],
  ['keeps the tilde that NFKC would change', '～', '～'],
  ['keeps NUL', 'a\0b', 'a\0b'],
  ['makes nothing of nothing', '', ''],
])('%s', (_, text, expected) => {
  expect(normalisePrecompiled(text, charsmap)).toBe(expected);
});
