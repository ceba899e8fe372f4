import { expect, test } from 'vitest';
import { readBlob } from './read-blob';

test('reads what is larger than a piece', async () => {
  const half = new Uint8Array(2 ** 25 + 1);
  const bytes = await readBlob(new Blob([half.slice().fill(1), 'x', half.fill(2)]), 'weights');
  expect(bytes).toHaveLength(2 * half.length + 1);
  expect([bytes[0], bytes[half.length - 1], bytes[half.length]]).toEqual([1, 1, 120]);
  expect([bytes[half.length + 1], bytes.at(-1)]).toEqual([2, 2]);
});

test('reads nothing of nothing', async () => {
  expect(await readBlob(new Blob(), 'weights')).toHaveLength(0);
});

test('says what to do when there is no room', async () => {
  const huge = Object.defineProperty(new Blob(['x']), 'size', { value: 2 ** 52 });
  await expect(readBlob(huge, 'weights')).rejects.toMatchObject({
    code: 'out-of-memory',
    message:
      'weights needs 4503599627370496 bytes in one piece, more than this browser can hold in memory. Try a smaller "dtype".',
  });
});
