import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readImageHeader } from './image-header';

/** Made by training/tests/make_picture_fixtures.py: 48 × 32, or turned. */
function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../runtime/fixtures/${name}`, import.meta.url)));
}

test.each([
  ['orientation-1.jpg', 'image/jpeg', 48, 32],
  ['orientation-6.jpg', 'image/jpeg', 32, 48],
  ['quarters.png', 'image/png', 48, 32],
  ['quarters.gif', 'image/gif', 48, 32],
  ['quarters.bmp', 'image/bmp', 48, 32],
  ['lossy.webp', 'image/webp', 48, 32],
  ['lossless.webp', 'image/webp', 48, 32],
  ['extended.webp', 'image/webp', 48, 32],
  ['quarters.avif', 'image/avif', 48, 32],
])('%s is %s of %i × %i', (name, mime, width, height) => {
  expect(readImageHeader(fixture(name))).toMatchObject({ mime, width, height });
});

test('a JPEG whose size comes late is still a JPEG', () => {
  const head = fixture('orientation-1.jpg').subarray(0, 40);
  expect(readImageHeader(head)).toMatchObject({ mime: 'image/jpeg', width: 0, height: 0 });
});

test('HEIC and JPEG XL are images that not every browser decodes', () => {
  const heic = new TextEncoder().encode('\0\0\0\x18ftypheic\0\0\0\0');
  expect(readImageHeader(heic)).toMatchObject({ mime: 'image/heic', universal: false });
  expect(readImageHeader(Uint8Array.of(0xff, 0x0a, 0))).toMatchObject({ mime: 'image/jxl' });
});

test.each(['', 'RIFF', 'hello, I am a text', '<svg xmlns="http://www.w3.org/2000/svg"/>'])(
  '%j is no image',
  (text) => {
    expect(readImageHeader(new TextEncoder().encode(text))).toBeNull();
  },
);

test('every beginning of a file is read without failing', () => {
  for (const name of ['orientation-1.jpg', 'quarters.png', 'extended.webp', 'quarters.avif']) {
    const bytes = fixture(name);
    for (let length = 0; length < 400; length++) readImageHeader(bytes.slice(0, length));
  }
});
