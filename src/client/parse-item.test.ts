import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { ItemInput } from './api';
import { parseItem } from './parse-item';

const FILE = new File(['abc'], 'IMG_1.jpg', { type: 'image/jpeg', lastModified: 1234 });
const FILE_META = { name: 'IMG_1.jpg', type: 'image/jpeg', size: 3, lastModified: 1234 };

function failureOf(input: unknown): string {
  try {
    parseItem(input as ItemInput, 2);
  } catch (thrown) {
    if (isPhotoglotError(thrown)) return `${thrown.code}: ${thrown.message}`;
  }
  return 'none';
}

describe('an item', () => {
  test('of a file knows the file', () => {
    expect(parseItem(FILE, 2)).toMatchObject({ id: null, image: FILE, meta: FILE_META });
    expect(parseItem(new Blob(['a']), 2).meta).toEqual({});
  });

  test('may overrule what the file tells', () => {
    const item = parseItem({ id: 'mine', image: FILE, meta: { name: 'Rex', kind: 'dog' } }, 2);
    expect(item.id).toBe('mine');
    expect(item.meta).toEqual({ ...FILE_META, name: 'Rex', kind: 'dog' });
  });

  test('keeps its text as a field, unless that field is given', () => {
    expect(parseItem({ text: 'a dog' }, 2).fields).toEqual({ text: 'a dog' });
    expect(parseItem({ text: 'a dog', fields: { text: 'b', note: 'n' } }, 2).fields).toEqual({
      text: 'b',
      note: 'n',
    });
  });

  test('may be a vector, which gets length 1, or fields', () => {
    expect(parseItem({ vector: Float32Array.of(0, -9) }, 2).vector).toEqual(Float32Array.of(0, -1));
    expect(parseItem({ fields: { caption: 'a dog' } }, 2).fields).toEqual({ caption: 'a dog' });
  });

  const circle: Record<string, unknown> = {};
  circle.self = circle;

  test.each([
    [null, 'invalid-input: An item must be a Blob or an object; got object.'],
    ['a.jpg', 'invalid-input: An item must be a Blob or an object; got string.'],
    [{}, 'invalid-input: An item needs an image, a text, a vector, or fields with text.'],
    [
      { fields: { a: ' ' } },
      'invalid-input: An item needs an image, a text, a vector, or fields with text.',
    ],
    [{ id: '', text: 'a' }, 'invalid-input: An id must be a string that is not empty.'],
    [{ id: 7, text: 'a' }, 'invalid-input: An id must be a string that is not empty.'],
    [{ text: '' }, 'invalid-input: A text must be a string that is not empty.'],
    [new Blob([]), 'empty-file: The file has no bytes.'],
    [{ image: new Blob([]) }, 'empty-file: The file has no bytes.'],
    [
      { vector: Float32Array.of(1, 2, 3) },
      "dimension-mismatch: A vector must have the model's dimension 2; got 3.",
    ],
    [
      { vector: Float32Array.of(1, Infinity) },
      'invalid-input: A vector must be finite and not all zero.',
    ],
    [{ vector: Float32Array.of(0, 0) }, 'invalid-input: A vector must be finite and not all zero.'],
    [{ text: 'a', fields: [] }, 'invalid-input: fields must be a plain object; got Array.'],
    [{ text: 'a', fields: { n: 1 } }, 'invalid-input: fields.n must be a string; got 1.'],
    [{ text: 'a', meta: new Map() }, 'invalid-input: meta must be a plain object; got Map.'],
    [
      { text: 'a', meta: { taken: new Date(0) } },
      'invalid-input: meta.taken must be a string, finite number, boolean, null, array or ' +
        'plain object; got Date.',
    ],
    [
      { text: 'a', meta: { deep: [{ n: NaN }] } },
      'invalid-input: meta.deep.0.n must be a string, finite number, boolean, null, array or ' +
        'plain object; got NaN.',
    ],
  ])('%o is refused', (input, message) => {
    expect(failureOf(input)).toBe(message);
  });

  test('whose meta contains itself is refused', () => {
    expect(failureOf({ text: 'a', meta: circle })).toContain('nested too deep');
  });
});
