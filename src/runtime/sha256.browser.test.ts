import { expect, test } from 'vitest';
import { sha256 } from './sha256';

test.each([0, 1, 2 ** 24 - 1, 2 ** 24 + 1003])(
  'piece by piece is the same: %i bytes',
  async (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * index * 31 + index * 7) >> 3);
    expect(await sha256(bytes, -1)).toBe(await sha256(bytes));
  },
);

test('is SHA-256', async () => {
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(digest);
  expect(await sha256(new TextEncoder().encode('abc'), 0)).toBe(digest);
});
