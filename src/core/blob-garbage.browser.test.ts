import { expect, test } from 'vitest';
import { BlobGarbage } from './blob-garbage';

test('Blobs that nobody holds are collected, others are not waited for without end', async () => {
  const garbage = new BlobGarbage(1);
  const held = [1, 2].map((value) => new Blob([new Uint8Array([value])]));
  for (const blob of held) garbage.note(blob);
  for (let count = 0; count < 8; count++) garbage.note(new Blob([new Uint8Array(1000)]));
  expect(garbage.left).toBe(10);
  await garbage.collect();
  expect(garbage.left).toBe(2);
  expect(held.map(({ size }) => size)).toEqual([1, 1]);
});

test('what may wait is left in peace', async () => {
  const garbage = new BlobGarbage(3);
  for (let count = 0; count < 3; count++) garbage.note(new Blob([new Uint8Array(1000)]));
  await garbage.collect();
  expect(garbage.left).toBe(3);
});
