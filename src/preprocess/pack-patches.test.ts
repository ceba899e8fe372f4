import { describe, expect, test } from 'vitest';
import { packPatches, type SizedPicture } from './pack-patches';

/** Bytes turn into themselves. */
const AS_IS = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] } as const;

/** A picture whose bytes count up. */
function counting(width: number, height: number, from = 0): SizedPicture {
  const rgb = Uint8ClampedArray.from({ length: 3 * width * height }, (_, index) => from + index);
  return { rgb, width, height };
}

test('patches row by row, in each its pixels row by row, in each the channels', () => {
  const { pixels, ...batch } = packPatches([counting(4, 4)], { patch: 2, ...AS_IS });
  // Offsets of pixels are 3 apart, of rows 12.
  const patch = (first: number): number[] =>
    [0, 3, 12, 15].flatMap((pixel) => [0, 1, 2].map((channel) => first + pixel + channel));
  expect(Array.from(pixels, Math.round)).toEqual([0, 6, 24, 30].flatMap(patch));
  expect(batch).toEqual({
    count: 1,
    patches: 4,
    mask: BigInt64Array.of(1n, 1n, 1n, 1n),
    shapes: BigInt64Array.of(2n, 2n),
  });
});

test('normalises each channel by its own numbers', () => {
  const rgb = new Uint8ClampedArray([255, 51, 102]);
  const options = { patch: 1, mean: [0.5, 0, 1], std: [0.5, 1, 2] } as const;
  const { pixels } = packPatches([{ rgb, width: 1, height: 1 }], options);
  [1, 0.2, -0.3].forEach((value, channel) => {
    expect(pixels[channel]).toBeCloseTo(value, 6);
  });
});

describe('a batch of several grids', () => {
  const pictures = [counting(2, 1, 10), counting(1, 3, 100), counting(1, 1, 200)];

  test('is padded with zeros to the largest', () => {
    const { pixels, ...batch } = packPatches(pictures, { patch: 1, ...AS_IS });
    expect(Array.from(pixels, Math.round)).toEqual([
      ...[10, 11, 12, 13, 14, 15, 0, 0, 0],
      ...[100, 101, 102, 103, 104, 105, 106, 107, 108],
      ...[200, 201, 202, 0, 0, 0, 0, 0, 0],
    ]);
    expect(batch).toEqual({
      count: 3,
      patches: 3,
      mask: BigInt64Array.of(1n, 1n, 0n, 1n, 1n, 1n, 1n, 0n, 0n),
      shapes: BigInt64Array.of(1n, 2n, 3n, 1n, 1n, 1n),
    });
  });

  test('is padded to a given number', () => {
    const { patches, pixels, mask } = packPatches(pictures, { patch: 1, patches: 5, ...AS_IS });
    expect([patches, pixels.length, mask.length]).toEqual([5, 3 * 5 * 3, 15]);
    expect([...mask.subarray(5, 10)]).toEqual([1n, 1n, 1n, 0n, 0n]);
    expect([...pixels.subarray(24, 30)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(Math.round(pixels[30] ?? NaN)).toBe(200);
  });

  test('pads with zeros also where a zero byte is none', () => {
    const half = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;
    const black = { rgb: new Uint8ClampedArray(3), width: 1, height: 1 };
    const { pixels } = packPatches([black], { patch: 1, patches: 2, ...half });
    expect([...pixels]).toEqual([-1, -1, -1, 0, 0, 0]);
  });

  test('of none is empty', () => {
    const { count, patches, pixels } = packPatches([], { patch: 16, ...AS_IS });
    expect([count, patches, pixels.length]).toEqual([0, 0, 0]);
  });
});

describe('what is not cut to fit', () => {
  test('more patches than asked for', () => {
    const options = { patch: 1, patches: 3, ...AS_IS };
    expect(() => packPatches([counting(2, 2)], options)).toThrow(
      expect.objectContaining({
        code: 'internal',
        message: 'A picture has 4 patches; the batch was to have at most 3. Resize it to fewer.',
      }),
    );
  });

  test.each([
    ['a width', { ...counting(3, 2) }],
    ['a height', { ...counting(2, 3) }],
    ['bytes', { ...counting(2, 2), rgb: new Uint8ClampedArray(16) }],
  ])('%s', (_, picture) => {
    expect(() => packPatches([picture], { patch: 2, ...AS_IS })).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });
});
