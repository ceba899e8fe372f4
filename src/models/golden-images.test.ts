import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { goldenImage } from './golden-images';

// Digests of the RGBA bytes; the training side's pictures have the same.
test.each([
  ['gradient', '1f467b57f1e4d20d5ccfea5a7bfccf979fd725de698c1236446fd563dc0db03f'],
  ['checker', 'cb50e9f8a79c2e3bccc3c5eb91b0f0120bf34d5180913072493894210a53b4cf'],
  ['circles', 'b74fd23ac1d59b5be18e32b0f5acbd98b3296ecd19a9d6ecf6dc77d0f35ea692'],
])('%s has the bytes that it has elsewhere', (name, digest) => {
  const { width, height, data } = goldenImage(name);
  expect([width, height, data.length]).toEqual([320, 240, 307_200]);
  expect(createHash('sha256').update(data).digest('hex')).toBe(digest);
});

test('an unknown name is refused', () => {
  expect(() => goldenImage('stripes')).toThrow(/stripes.*gradient, checker, circles/);
});
