import { expect, test } from 'vitest';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { BlobPieces } from './blob-pieces';

test('joins what was written here and there, large or small', async () => {
  const next = randomNumbers(3);
  const whole = Uint8Array.from({ length: 5_000_000 }, () => next() * 256);
  const pieces = new BlobPieces();
  // Three places grow in turns, and the first bytes come last.
  const ends = [64, 1_000_000, 3_500_000].map((at, place) => [at, [1e6, 3.5e6, 5e6][place] ?? 0]);
  for (let round = 0; round < 200; round++) {
    for (const place of ends) {
      const [at = 0, end = 0] = place;
      const bytes = whole.slice(at, Math.min(end, at + 13_000));
      pieces.write(at, bytes);
      // The writer may use its memory again.
      bytes.fill(0);
      place[0] = Math.min(end, at + 13_000);
    }
  }
  pieces.write(0, whole.slice(0, 64));
  const found = new Uint8Array(await pieces.join().arrayBuffer());
  expect(Buffer.compare(found, whole)).toBe(0);
});

test('what was not written is zeros', async () => {
  const pieces = new BlobPieces();
  pieces.write(6, Uint8Array.of(1, 2));
  pieces.write(2, Uint8Array.of(3));
  const found = new Uint8Array(await pieces.join().arrayBuffer());
  expect([...found]).toEqual([0, 0, 3, 0, 0, 0, 1, 2]);
  expect(new BlobPieces().join().size).toBe(0);
});
