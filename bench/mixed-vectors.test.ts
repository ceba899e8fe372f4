import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mixedRows, readNpy } from './mixed-vectors.mjs';
import { writeNpy } from './npy-writer.mjs';
import { seededRandom } from './pages/seeded-random';

const real = Float32Array.of(1, 0, 0, 1, 0.6, 0.8);

function mixed(rows: number): number[] {
  const pieces = [...mixedRows(real, { rows, dimension: 2, random: seededRandom(1) })];
  return pieces.flatMap(({ buffer, byteLength }) => [
    ...new Float32Array(buffer, 0, byteLength / 4),
  ]);
}

test('the real rows come first, then others of length 1 between two of them', () => {
  const all = mixed(9000);
  expect(all).toHaveLength(18_000);
  expect(all.slice(0, 6)).toEqual([...real]);
  for (let at = 6; at < all.length; at += 2) {
    const [x = NaN, y = NaN] = all.slice(at, at + 2);
    expect(Math.hypot(x, y)).toBeCloseTo(1, 5);
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
  }
  // Not the same few over and over.
  expect(new Set(all).size).toBeGreaterThan(1000);
  expect(mixed(9000)).toEqual(all);
});

test('fewer rows than there are real ones are these', () => {
  expect(mixed(2)).toEqual([...real.subarray(0, 4)]);
});

test('what was written as NPY can be read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-mixed-'));
  try {
    const path = join(folder, 'rows.npy');
    const pieces = mixedRows(real, { rows: 3, dimension: 2, random: seededRandom(1) });
    await writeNpy(
      path,
      { rows: 3, dimension: 2 },
      (async function* () {
        yield* await Promise.resolve(pieces);
      })(),
    );
    expect(await readNpy(path, { rows: 3, dimension: 2 })).toEqual(real);
    await expect(readNpy(path, { rows: 4, dimension: 2 })).rejects.toThrow('fewer than 4 rows');
  } finally {
    await rm(folder, { recursive: true });
  }
});
