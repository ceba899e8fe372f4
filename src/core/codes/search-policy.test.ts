import { describe, expect, test } from 'vitest';
import { dotProduct } from '../dot-product';
import { normalise } from '../normalise';
import { TopK } from '../top-k';
import { BinaryCoder, codeBytes } from './binary-code';
import { closeScore, roughScore } from './binary-score';
import { codeMode, searchDepth } from './search-policy';
import { gaussian } from './test-workers/gaussian';

describe('by which numbers', () => {
  test.each([
    [0, 384, 'float32'],
    [16_384, 1024, 'float32'],
    [16_385, 1024, 'binary'],
    [43_690, 384, 'float32'],
    [43_691, 384, 'binary'],
    [1_000_000, 128, 'binary'],
  ])('%d vectors of %d numbers are searched: %s', (count, dimension, mode) => {
    expect(codeMode(count, dimension)).toBe(mode);
  });

  test.each([128, 384, 768, 1024])('a million vectors of %d take 150 MB at most', (dimension) => {
    let most = 0;
    for (let count = 0; count <= 1_000_000; count += 1000) {
      const bytes = { float32: 4 * dimension, binary: codeBytes(dimension) + 8 };
      most = Math.max(most, count * bytes[codeMode(count, dimension)]);
    }
    expect(most).toBeLessThan(150e6);
  });
});

describe('how deep', () => {
  test.each([
    [1_000_000, 10, 10_000, 510],
    [300_000, 10, 6120, 510],
    [300_000, 50, 9000, 750],
    [1_000_000, 200, 12_288, 1024],
    [1_000_000, 3000, 36_000, 3000],
    [4_000_000, 10, 40_000, 510],
    // What a filter leaves.
    [700, 10, 700, 510],
    [300, 10, 300, 300],
    [0, 10, 0, 0],
  ])('%d rows for %d hits: %d, %d', (rows, limit, candidates, rescored) => {
    expect(searchDepth(rows, limit)).toEqual({ candidates, rescored });
  });

  test('is never less than what is asked for, nor more than there is', () => {
    for (const eligible of [0, 1, 399, 5000, 123_456, 1_000_000]) {
      for (const limit of [1, 10, 100, 1024, 2000]) {
        const { candidates, rescored } = searchDepth(eligible, limit);
        expect(rescored).toBeGreaterThanOrEqual(Math.min(limit, eligible));
        expect(candidates).toBeGreaterThanOrEqual(rescored);
        expect(candidates).toBeLessThanOrEqual(eligible);
      }
    }
  });
});

/**
 * The policy in small: rows of uneven length around a mean, a spectrum that falls, queries that lie
 * apart from the rows as texts do from pictures; a part of the candidates that the policy takes.
 */
test('the passes find the best ten', () => {
  const [DIMENSION, ROWS, QUERIES] = [256, 4000, 20];
  const random = gaussian(4);
  const [mean, gap] = [random(DIMENSION), random(DIMENSION)];
  const unit = (from: Float32Array, share: number) => {
    const noise = random(DIMENSION);
    const sum = from.map(
      (value, index) =>
        0.6 * value + share * (noise[index] ?? 0) * (4 * Math.exp(-index / 30) + 0.2),
    );
    return normalise(sum) ?? sum;
  };
  const spread = gaussian(9)(ROWS);
  const rows = Array.from(spread, (value) => unit(mean, 1 + 0.2 * value));
  const middle = Float32Array.from(
    { length: DIMENSION },
    (_, index) => rows.reduce((sum, row) => sum + (row[index] ?? 0), 0) / ROWS,
  );
  const coder = new BinaryCoder(middle, 1);
  const codes = {
    bits: new Uint8Array(ROWS * codeBytes(DIMENSION)),
    offsets: new Float32Array(ROWS),
    factors: new Float32Array(ROWS),
  };
  rows.forEach((row, index) => {
    coder.encodeRow(row, codes, index);
  });

  let hits = 0;
  for (let index = 0; index < QUERIES; index++) {
    const query = unit(
      mean.map((value, place) => value + 0.7 * (gap[place] ?? 0)),
      1,
    );
    const code = coder.encodeQuery(query);
    const all = rows.map((_, row) => row);
    const exact = (row: number) => dotProduct(rows[row] ?? query, 0, query, 0, DIMENSION);
    const candidates = best(all, 200, (row) => roughScore(codes, row, code, coder.bits));
    const rescored = best(candidates, 40, (row) => closeScore(codes, row, code));
    const tenth = exact(best(all, 10, exact)[9] ?? 0);
    hits += best(rescored, 10, exact).filter((row) => exact(row) >= tenth - 1e-3).length;
  }
  expect(hits / (10 * QUERIES)).toBeGreaterThanOrEqual(0.98);
});

function best(rows: readonly number[], limit: number, score: (row: number) => number): number[] {
  const top = new TopK(limit);
  for (const row of rows) top.offer(row, score(row));
  return top.sorted().map(({ row }) => row);
}
