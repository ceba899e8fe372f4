import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { contentId, type Content } from './content-id';

const NOTHING: Content = { image: null, text: null, vector: null, fields: null };
const BYTES = Uint8Array.of(0xff, 0xd8, 0, 1, 2);
const VECTOR = Float32Array.of(1, -0.5);

function digest(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function idOf(content: Partial<Content>): Promise<string> {
  return contentId({ ...NOTHING, ...content });
}

describe('the id of', () => {
  test('a file is the digest of its bytes, whatever its name and fields', async () => {
    expect(await idOf({ image: new Blob([BYTES]) })).toBe(digest(BYTES));
    const image = new File([BYTES], 'other.jpg', { type: 'image/jpeg' });
    expect(await idOf({ image, fields: { caption: 'x' } })).toBe(digest(BYTES));
  });

  test('a text is the digest of its UTF-8', async () => {
    expect(await idOf({ text: 'собака 犬' })).toBe(digest('собака 犬'));
  });

  test('a vector is the digest of its little-endian numbers', async () => {
    expect(await idOf({ vector: VECTOR })).toBe(digest(Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 191)));
  });

  test('several parts is the digest of their digests', async () => {
    const parts = { image: new Blob([BYTES]), text: 'a', vector: VECTOR };
    const [image, text, vector] = await Promise.all([
      idOf({ image: parts.image }),
      idOf({ text: 'a' }),
      idOf({ vector: VECTOR }),
    ]);
    expect(await idOf(parts)).toBe(digest(`image:${image}\ntext:${text}\nvector:${vector}\n`));
    expect(await idOf({ text: 'a', vector: VECTOR })).toBe(
      digest(`text:${text}\nvector:${vector}\n`),
    );
  });

  test('fields alone does not depend on their order', async () => {
    expect(await idOf({ fields: { b: '2', a: '1' } })).toBe(digest('[["a","1"],["b","2"]]'));
    expect(await idOf({ fields: { a: '1', b: '2' } })).toBe(digest('[["a","1"],["b","2"]]'));
  });
});

describe('a file that cannot be hashed', () => {
  test('because it is gone is "invalid-input"', async () => {
    const image = new Blob([BYTES]);
    image.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
    expect(await codeOf(idOf({ image }))).toBe('invalid-input');
  });

  test('because of its size is "too-large", without reading it', async () => {
    const image = new Blob([]);
    Object.defineProperty(image, 'size', { value: 2 ** 30 + 1 });
    expect(await codeOf(idOf({ image }))).toBe('too-large');
  });

  async function codeOf(call: Promise<unknown>): Promise<string> {
    return call.then(
      () => 'resolved',
      (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
    );
  }
});
