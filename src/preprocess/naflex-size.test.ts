import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { targetOf } from './geometry';
import { naflexSize } from './naflex-size';

/** Made by training/tests/make_naflex_fixtures.py: see fixtures/README.md. */
interface GridFixtures {
  readonly patch: number;
  readonly maxPatches: readonly number[];
  /** Width, height, then rows and columns for each of `maxPatches`. */
  readonly cases: readonly (readonly number[])[];
}

const fixtures = JSON.parse(
  readFileSync(new URL('./fixtures/naflex-grids.json', import.meta.url), 'utf8'),
) as GridFixtures;

function gridOf(width: number, height: number, maxPatches: number, patch = 16): number[] {
  const size = naflexSize({ patch, maxPatches }, width, height);
  return [size.height / patch, size.width / patch];
}

describe('as the reference', () => {
  test.each(fixtures.maxPatches.map((most, index) => [most, index] as const))(
    'at most %i patches',
    (most, index) => {
      expect(fixtures.cases.length).toBeGreaterThan(1000);
      const wrong = fixtures.cases.filter(([width = 0, height = 0, ...grids]) => {
        const [rows, columns] = gridOf(width, height, most, fixtures.patch);
        return rows !== grids[2 * index] || columns !== grids[2 * index + 1];
      });
      expect(wrong).toEqual([]);
    },
  );
});

// Width × height of a picture, then of what becomes of it.
test.each([
  [640, 480, 288, 224],
  [4032, 3024, 288, 224],
  [1920, 1080, 336, 192],
  [2436, 1125, 368, 176],
  [1000, 1000, 256, 256],
  [224, 224, 256, 256],
  [16, 16, 256, 256],
  [1700, 2200, 224, 288],
  [1000, 100, 800, 80],
  [31, 17, 336, 192],
  [640, 427, 304, 208],
  // The upper bound of the scale.
  [1, 1, 112, 112],
  [5000, 1, 4096, 16],
  [1, 5000, 16, 4096],
])('%i × %i becomes %i × %i of 256 patches', (width, height, toWidth, toHeight) => {
  expect(targetOf({ kind: 'patches', patch: 16, maxPatches: 256 }, width, height)).toEqual({
    width: toWidth,
    height: toHeight,
    box: { left: 0, top: 0, right: width, bottom: height },
  });
});

test('keeps a picture that is exactly at the limit', () => {
  expect(naflexSize({ patch: 16, maxPatches: 256 }, 256, 256)).toEqual({ width: 256, height: 256 });
  expect(naflexSize({ patch: 16, maxPatches: 64 }, 512, 32)).toEqual({ width: 512, height: 32 });
});

test('takes another patch', () => {
  expect(gridOf(640, 480, 256, 14)).toEqual([14, 18]);
  expect(gridOf(300, 200, 1, 32)).toEqual([1, 1]);
});

test('never exceeds the limit, is never empty, and turns with the picture', () => {
  const side = fc.integer({ min: 1, max: 60_000 });
  const most = fc.integer({ min: 1, max: 1024 });
  fc.assert(
    fc.property(side, side, most, (width, height, maxPatches) => {
      const [rows = 0, columns = 0] = gridOf(width, height, maxPatches);
      expect(Math.min(rows, columns)).toBeGreaterThanOrEqual(1);
      expect([rows, columns].every(Number.isInteger)).toBe(true);
      expect(rows * columns).toBeLessThanOrEqual(maxPatches);
      expect(gridOf(height, width, maxPatches)).toEqual([columns, rows]);
    }),
  );
});
