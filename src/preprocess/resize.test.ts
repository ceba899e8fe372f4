import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Pixels } from '../core/pixels';
import { Resizer } from './resize';

/** Made by training/tests/make_resize_fixtures.py with Pillow; pictures are base64 of RGB. */
interface Fixture {
  readonly size: readonly [number, number];
  readonly target: readonly [number, number];
  readonly box: readonly [number, number, number, number] | null;
  readonly source: string;
  readonly bilinear: string;
  readonly bicubic: string;
}

const fixtures = JSON.parse(
  readFileSync(new URL('./fixtures/resize.json', import.meta.url), 'utf8'),
) as readonly Fixture[];

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function rgba([width, height]: readonly [number, number], rgb: Uint8Array): Pixels {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
  return { width, height, data };
}

describe.each(['bilinear', 'bicubic'] as const)('%s', (filter) => {
  // One resizer for all: what a picture leaves in its scratch must not show in the next.
  const resizer = new Resizer();

  test.each(fixtures)('$size → $target, box $box equals Pillow', (fixture) => {
    const [width, height] = fixture.target;
    const [left, top, right, bottom] = fixture.box ?? [0, 0, ...fixture.size];
    const target = { width, height, box: { left, top, right, bottom } };
    const source = rgba(fixture.size, bytesOf(fixture.source));
    const result = resizer.resize(source, target, filter);
    expect(new Uint8Array(result)).toEqual(bytesOf(fixture[filter]));
  });
});
