/** Preprocessing judged against the reference: see ../fixtures/README.md. */
import { describe, expect, test } from 'vitest';
import type { PatchBatch } from '../pack-patches';
import type { ResizeFilter } from '../resize-kernel';
import type { FormulaName } from './formula-picture';
import type { PreprocessTask } from './preprocess-contract';

/** Bytes of the reference, before normalisation: in full, or by digest and samples. */
type Expected =
  | { readonly bytes: string; readonly sha256?: never }
  | {
      readonly sha256: string;
      readonly samples: readonly { readonly row: number; readonly bytes: string }[];
      readonly bytes?: never;
    };

interface Case {
  readonly picture: FormulaName;
  readonly size: readonly [width: number, height: number];
}

type PatchCase = Case &
  Expected & { readonly maxPatches: number; readonly grid: readonly [number, number] };
type FixedCase = Case & Expected & { readonly side: number; readonly filter: ResizeFilter };

/** fixtures/naflex-patches.json */
export interface PatchFixtures {
  readonly patch: number;
  /** What the reference makes of each byte: float32, 256 of them. */
  readonly levels: readonly number[];
  readonly cases: readonly PatchCase[];
}

/** fixtures/naflex-fixed.json */
export interface FixedFixtures {
  readonly levels: readonly number[];
  readonly cases: readonly FixedCase[];
}

/** Asks preprocessing, in this thread or in a worker. */
export interface PreprocessDriver {
  patches(
    task: PreprocessTask & { readonly patch: number; readonly maxPatches: number },
  ): Promise<PatchBatch>;
  planes(
    task: PreprocessTask & { readonly side: number; readonly filter: ResizeFilter },
  ): Promise<Float32Array>;
}

/** Of 0…1: what is asked for. */
const ONE_LEVEL = 1 / 255;
/** Of 0…1: what is reached. The reference rounds to float32 at each of three steps, we do once. */
const ROUNDING = 6e-8;

export function describePreprocess(
  passes: PreprocessTask['passes'],
  driver: PreprocessDriver,
  patchFixtures: PatchFixtures,
  fixedFixtures: FixedFixtures,
): void {
  describe(`NaFlex, ${passes}`, () => {
    const { patch, levels, cases } = patchFixtures;
    test.each(cases)('$picture $size, at most $maxPatches patches', async (expected) => {
      const { maxPatches, grid } = expected;
      const batch = await driver.patches({ ...taskOf(passes, expected), patch, maxPatches });
      const count = grid[0] * grid[1];
      const row = patch * patch * 3;
      expect([batch.count, batch.patches]).toEqual([1, maxPatches]);
      expect([...batch.shapes]).toEqual(grid.map(BigInt));
      expect([...batch.mask]).toEqual(
        Array.from({ length: maxPatches }, (_, index) => (index < count ? 1n : 0n)),
      );
      expect(batch.pixels).toHaveLength(maxPatches * row);
      expect(batch.pixels.subarray(count * row).every((value) => value === 0)).toBe(true);
      await expectPixels(batch.pixels.subarray(0, count * row), expected, levels, row);
    });
  });

  describe(`fixed size, ${passes}`, () => {
    const { levels, cases } = fixedFixtures;
    test.each(cases)('$picture $size to $side squared, $filter', async (expected) => {
      const { side, filter } = expected;
      const planes = await driver.planes({ ...taskOf(passes, expected), side, filter });
      expect(planes).toHaveLength(3 * side * side);
      await expectPixels(planes, expected, levels, side);
    });
  });
}

function taskOf(passes: PreprocessTask['passes'], { picture, size }: Case): PreprocessTask {
  return { passes, picture, width: size[0], height: size[1] };
}

/** @param row how many pixels a sample has */
async function expectPixels(
  pixels: Float32Array,
  expected: Expected,
  levels: readonly number[],
  row: number,
): Promise<void> {
  // Each byte is one float of the reference, hence its bytes say its floats.
  if (expected.bytes !== undefined) {
    expectNear(pixels, bytesOf(expected.bytes), levels);
    return;
  }
  for (const { row: index, bytes } of expected.samples) {
    expectNear(pixels.subarray(index * row, (index + 1) * row), bytesOf(bytes), levels);
  }
  const bytes = Uint8Array.from(pixels.map(levelOf));
  expectNear(pixels, bytes, levels);
  expect(await sha256(bytes)).toBe(expected.sha256);
}

function expectNear(pixels: Float32Array, bytes: Uint8Array, levels: readonly number[]): void {
  expect(pixels).toHaveLength(bytes.length);
  let largest = 0;
  let wrongBytes = 0;
  bytes.forEach((byte, index) => {
    const value = pixels[index] ?? NaN;
    // On the scale of 0…1, where a level is 1/255.
    const difference = Math.abs(value - (levels[byte] ?? NaN)) / 2;
    if (!(difference <= largest)) largest = difference;
    if (levelOf(value) !== byte) wrongBytes++;
  });
  expect(largest).toBeLessThanOrEqual(ONE_LEVEL);
  expect(wrongBytes).toBe(0);
  expect(largest).toBeLessThanOrEqual(ROUNDING);
}

/** The byte before normalisation. */
function levelOf(value: number): number {
  return Math.round((value * 0.5 + 0.5) * 255);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
