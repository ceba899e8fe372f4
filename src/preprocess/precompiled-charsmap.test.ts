import { expect, test } from 'vitest';
import { PrecompiledCharsmap } from './precompiled-charsmap';

/** A trie with the one key 'a', whose value points to `value` in `replacements`. */
function build(replacements: string, value: number): string {
  const units = new Uint32Array(512);
  units[0] = 256 << 10;
  // Label a, a leaf, its value in unit 1.
  units[256 ^ 0x61] = ((256 ^ 0x61 ^ 1) << 10) | (1 << 8) | 0x61;
  units[1] = 0x8000_0000 | value;
  const bytes = [...new Uint8Array(Uint32Array.of(2048).buffer), ...new Uint8Array(units.buffer)];
  return btoa(String.fromCharCode(...bytes, ...new TextEncoder().encode(replacements)));
}

test('replaces by what the value points to, up to its end', () => {
  const charsmap = new PrecompiledCharsmap(build('one\0zwö\0three\0', 4));
  expect(charsmap.lookUp('a', 0, 1)).toBe('zwö');
  expect(charsmap.lookUp('bab', 1, 2)).toBe('zwö');
  expect(charsmap.lookUp('b', 0, 1)).toBeNull();
  expect(charsmap.lookUp('\0', 0, 1)).toBeNull();
  expect(charsmap.lookUp('', 0, 0)).toBeNull();
});

test('a prefix stands for the whole', () => {
  expect(new PrecompiledCharsmap(build('x\0', 0)).lookUp('a\u0301', 0, 2)).toBe('x');
});

test('the last replacement may lack its end', () => {
  expect(new PrecompiledCharsmap(build('one\0two', 4)).lookUp('a', 0, 1)).toBe('two');
});

test.each([
  ['nothing', ''],
  ['no trie', btoa('\0\0\0\0')],
  ['a trie that is cut off', btoa('\u0008\0\0\0abcd')],
  ['a trie of no whole units', btoa('\u0002\0\0\0abcd')],
  ['what is not base64', '?'],
])('refuses %s', (_, base64) => {
  expect(() => new PrecompiledCharsmap(base64)).toThrow();
});
