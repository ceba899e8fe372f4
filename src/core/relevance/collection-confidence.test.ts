/** On generated vectors, whose right answer is known; on real ones in `mini-vectors.test.ts`. */
import { describe, expect, test } from 'vitest';
import { randomNumbers } from '../kernel/test-workers/random-numbers';
import { normalise } from '../normalise';
import { dotProduct } from '../dot-product';
import { collectionBackground, collectionConfidence } from './collection-confidence';

const DIMENSION = 128;

/** Unit rows that share a direction, as those of such models do. */
function cone(count: number, seed: number): Float32Array<ArrayBuffer>[] {
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const row = Float32Array.from(
      { length: DIMENSION },
      (_, index) => next() + (index === 0 ? 4 : 0),
    );
    return normalise(row) ?? row;
  });
}

function packed(rows: readonly Float32Array[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...row]));
}

function confidences(
  query: Float32Array,
  rows: readonly Float32Array[],
  sample: readonly Float32Array[] = rows,
): number[] {
  const confidence = collectionConfidence(query, collectionBackground(packed(sample), DIMENSION));
  return rows.map((row) => confidence(row, dotProduct(query, 0, row, 0, DIMENSION)));
}

test('what stands out is sure, the rest is not', () => {
  const rows = cone(200, 1);
  const [query = new Float32Array()] = rows;
  const [own, ...others] = confidences(query, rows);
  expect(own).toBeGreaterThan(0.9);
  expect(Math.max(...others)).toBeLessThan(0.5);
});

test('as many as a third of all that stand out do not hide one another', () => {
  const rows = cone(100, 2);
  const [query = new Float32Array()] = rows;
  const twins = Array.from({ length: 50 }, () => query);
  const all = confidences(query, [...rows, ...twins]);
  expect(Math.min(...all.slice(100))).toBeGreaterThan(0.9);
});

test('a query for something else finds none', () => {
  const [stranger = new Float32Array()] = cone(1, 99);
  expect(Math.max(...confidences(stranger, cone(200, 3)))).toBeLessThan(0.5);
});

describe('nothing is known', () => {
  test.each([
    ['of no rows', []],
    ['of fewer than 64', cone(63, 4)],
    ['of rows that are all the same', Array.from({ length: 100 }, () => cone(1, 5)).flat()],
    [
      'of rows that cancel out',
      Array.from({ length: 50 }, () => {
        const [row = new Float32Array()] = cone(1, 6);
        return [row, row.map((value) => -value)];
      }).flat(),
    ],
  ])('%s', (_, sample) => {
    const [query = new Float32Array()] = cone(1, 7);
    expect(confidences(query, cone(2, 8), sample)).toEqual([0.5, 0.5]);
  });
});
