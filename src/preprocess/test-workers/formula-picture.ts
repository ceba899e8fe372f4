/**
 * Pictures drawn by formula, as training/tests/make_naflex_fixtures.py draws them: the golden
 * ones, and two of any size. Sides up to 8,000, so that integers of 32 bits do.
 */
import type { Pixels } from '../../core/pixels';
import { goldenImage } from '../../models/golden-images';

/** `veil` is `waves` with an alpha channel. The golden ones have one size, 320 × 240. */
export type FormulaName = 'gradient' | 'checker' | 'circles' | 'waves' | 'veil';

export function formulaPicture(name: FormulaName, width: number, height: number): Pixels {
  if (name !== 'waves' && name !== 'veil') return goldenImage(name);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  const channels = name === 'veil' ? 4 : 3;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      for (let channel = 0; channel < channels; channel++)
        data[at + channel] = waves(x, y, channel);
    }
  }
  return { width, height, data };
}

/** Waves of every length with steps in them, over a slow slope: smooth and sharp at once. */
function waves(x: number, y: number, channel: number): number {
  const sum = 7 * x * x + 13 * x * y + 11 * y * y + 101 * channel * (x + 2 * y);
  const slow = (5 * x + 3 * y + 400 * channel) >> 3;
  return (((sum >> 6) & 255) + (slow & 255)) >> 1;
}
