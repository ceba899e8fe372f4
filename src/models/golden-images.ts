/**
 * Pictures made by formula, so that golden vectors need no picture files. Integer arithmetic
 * only: any language gives the same bytes. With x to the right and y down, 320 × 240, opaque:
 *
 * - `gradient`: r = ⌊255x / 319⌋, g = ⌊255y / 239⌋, b = 128
 * - `checker`: ((x >> 5) + (y >> 5)) & 1 ? (230, 60, 40) : (30, 90, 200)
 * - `circles`: d = (x − 160)² + (y − 120)²; (d >> 9) & 1 ? (20, 160, 80) : (250, 240, 200)
 */
import type { Pixels } from '../core/pixels';
import { PhotoglotError } from '../errors';

type Colour = readonly [number, number, number];

const WIDTH = 320;
const HEIGHT = 240;

const FORMULAS: ReadonlyMap<string, (x: number, y: number) => Colour> = new Map([
  ['gradient', (x, y): Colour => [scaled(x, WIDTH), scaled(y, HEIGHT), 128]],
  ['checker', (x, y): Colour => (((x >> 5) + (y >> 5)) & 1 ? [230, 60, 40] : [30, 90, 200])],
  [
    'circles',
    (x, y): Colour => {
      const distance = (x - 160) ** 2 + (y - 120) ** 2;
      return (distance >> 9) & 1 ? [20, 160, 80] : [250, 240, 200];
    },
  ],
]);

/** The picture of that name; throws `manifest-invalid` when this release has no such formula. */
export function goldenImage(name: string): Pixels {
  const formula = FORMULAS.get(name);
  if (formula === undefined) {
    const known = [...FORMULAS.keys()].join(', ');
    const message = `There is no golden image "${name}". Known images: ${known}.`;
    throw new PhotoglotError('manifest-invalid', message);
  }
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 4) {
      data.set(formula(x, y), at);
      data[at + 3] = 255;
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

function scaled(position: number, size: number): number {
  return Math.floor((position * 255) / (size - 1));
}
