/** What every kernel must do, judged against float64. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ScoredRow } from '../../top-k';
import { BLOCK_ROWS, type ScoreKernel } from '../score-kernel';
import type { KernelTask } from './kernel-contract';
import { randomNumbers } from './random-numbers';

/** Asks the kernels, in this thread or in a worker. */
export interface KernelDriver {
  score(task: KernelTask): Promise<Float32Array>;
  search(
    task: KernelTask & { readonly limit: number; readonly modulus: number },
  ): Promise<readonly ScoredRow[]>;
  copy(task: KernelTask): Promise<Float32Array>;
}

const RUNS = { numRuns: 60 };
const SHAPES = fc.record({
  dimension: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 1200 })),
  rows: fc.integer({ min: 0, max: 60 }),
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.integer(),
});

export function describeKernel(kernel: ScoreKernel['name'], driver: KernelDriver): void {
  describe(`${kernel} kernel`, () => {
    test('scores any dimension and number of rows as float64 does', async () => {
      await fc.assert(
        fc.asyncProperty(SHAPES, async ({ dimension, rows, cut, seed }) => {
          const task = randomTask(kernel, dimension, rows, cut, seed);
          const scores = await driver.score(task);
          expect(scores).toHaveLength(rows);
          reference(task).forEach(({ score, size }, row) => {
            expect(Math.abs((scores[row] ?? NaN) - score)).toBeLessThanOrEqual(2e-6 * size + 1e-30);
          });
        }),
        RUNS,
      );
    });

    test('keeps every number as it was', async () => {
      await fc.assert(
        fc.asyncProperty(SHAPES, async ({ dimension, rows, cut, seed }) => {
          const task = randomTask(kernel, dimension, rows, cut, seed);
          expect(firstDifference(await driver.copy(task), joined(task.pieces))).toBe(-1);
        }),
        RUNS,
      );
    });

    test.each([
      [1, 1],
      [10, 1],
      [10, 7],
      [5000, 3],
    ])('finds the best %i of every %ith row across blocks', async (limit, modulus) => {
      const task = randomTask(kernel, 7, 2 * BLOCK_ROWS + 5, 0.3, limit);
      const scores = await driver.score(task);
      const hits = await driver.search({ ...task, limit, modulus });
      const best = Array.from(scores, (score, row) => ({ row, score }))
        .filter(({ row }) => row % modulus === 0)
        .sort((left, right) => right.score - left.score || left.row - right.row)
        .slice(0, limit);
      expect(hits).toEqual(best);
    });

    test('of equal scores the earlier row is first', async () => {
      const piece = Float32Array.from({ length: 3 * BLOCK_ROWS }, (_, index) => index % 2);
      const task = { kernel, dimension: 1, pieces: [piece], keep: null, query: Float32Array.of(1) };
      const hits = await driver.search({ ...task, limit: 4, modulus: 1 });
      expect(hits.map(({ row }) => row)).toEqual([1, 3, 5, 7]);
      const filtered = await driver.search({ ...task, limit: 3, modulus: 3 });
      expect(filtered.map(({ row }) => row)).toEqual([3, 9, 15]);
    });

    test('drops rows and keeps the order of the rest', async () => {
      const task = randomTask(kernel, 5, 100, 0.5, 3);
      const keep = Array.from({ length: 100 }, (_, row) => row).filter((row) => row % 3 !== 1);
      const all = joined(task.pieces);
      const kept = await driver.copy({ ...task, keep });
      expect(kept).toEqual(joined(keep.map((row) => all.subarray(row * 5, row * 5 + 5))));
    });

    test('an empty collection has no hits', async () => {
      const task = randomTask(kernel, 16, 0, 0, 1);
      expect(await driver.search({ ...task, limit: 5, modulus: 1 })).toEqual([]);
    });
  });
}

function randomTask(
  kernel: ScoreKernel['name'],
  dimension: number,
  rows: number,
  cut: number,
  seed: number,
): KernelTask {
  const next = randomNumbers(seed);
  const all = Float32Array.from({ length: rows * dimension }, next);
  const border = Math.floor(cut * rows) * dimension;
  return {
    kernel,
    dimension,
    pieces: [all.slice(0, border), all.slice(border)],
    keep: null,
    query: Float32Array.from({ length: dimension }, next),
  };
}

/** Per row the dot product, and the sum of the sizes of its products: what rounding scales with. */
function reference({ pieces, dimension, query }: KernelTask): { score: number; size: number }[] {
  const all = joined(pieces);
  return Array.from({ length: all.length / dimension }, (_, row) => {
    const products = Array.from(
      query,
      (value, index) => value * (all[row * dimension + index] ?? NaN),
    );
    return {
      score: products.reduce((left, right) => left + right, 0),
      size: products.reduce((left, right) => left + Math.abs(right), 0),
    };
  });
}

/** Index of the first number that differs, −1 for none; comparing all by `toEqual` takes seconds. */
function firstDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Math.min(actual.length, expected.length);
  return actual.findIndex((value, index) => !Object.is(value, expected[index]));
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}
