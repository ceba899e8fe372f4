import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Pixels } from '../core/pixels';
import { Resizer } from './resize';
import { ScalarResizePasses } from './scalar-resize';
import { WasmResizePasses } from './wasm-resize';

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

const passes = { wasm: WasmResizePasses.create(), scalar: new ScalarResizePasses() };

describe.each(['wasm', 'scalar'] as const)('%s', (name) => {
  // One resizer for all: what a picture leaves in its memory must not show in the next.
  const resizer = new Resizer(passes[name] ?? undefined);

  test('is there', () => {
    expect(passes[name]).not.toBeNull();
  });

  describe.each(['bilinear', 'bicubic'] as const)('%s', (filter) => {
    test.each(fixtures)('$size → $target, box $box equals Pillow', (fixture) => {
      const [width, height] = fixture.target;
      const [left, top, right, bottom] = fixture.box ?? [0, 0, ...fixture.size];
      const target = { width, height, box: { left, top, right, bottom } };
      const source = rgba(fixture.size, bytesOf(fixture.source));
      const result = resizer.resize(source, target, filter);
      expect(new Uint8Array(result)).toEqual(bytesOf(fixture[filter]));
    });
  });
});

test.each([
  [1301, 703],
  // The vertical pass comes first.
  [301, 2403],
])('both are equal on a picture of several strips, %i × %i', (width, height) => {
  let state = 1;
  const next = (): number => (state = (state * 48_271) % 2_147_483_647) & 255;
  const data = new Uint8ClampedArray(width * height * 4).map(next);
  const box = { left: 11.5, top: 7.25, right: width - 3, bottom: height - 70.5 };
  const target = { width: 257, height: 191, box };
  const [wasm, scalar] = [passes.wasm ?? undefined, passes.scalar].map((each) =>
    new Resizer(each).resize({ width, height, data }, target, 'bicubic'),
  );
  expect(wasm).toEqual(scalar);
});
