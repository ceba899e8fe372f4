import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { targetOf, withPatchLimit } from './geometry';

const area = { kind: 'area', area: 65_536, multiple: 32, maxAspect: 3 } as const;
const squash = { kind: 'fixed', width: 224, height: 224, fit: 'squash' } as const;

describe('area', () => {
  test.each([
    [1000, 1000, 256, 256],
    [640, 480, 288, 224],
    [4032, 3024, 288, 224],
    [1080, 1920, 192, 352],
    [1, 1, 256, 256],
    [5000, 1, 448, 160],
    [1, 5000, 160, 448],
  ])('%i × %i becomes %i × %i', (width, height, targetWidth, targetHeight) => {
    const target = targetOf(area, width, height);
    expect([target.width, target.height]).toEqual([targetWidth, targetHeight]);
    expect(target.box).toEqual({ left: 0, top: 0, right: width, bottom: height });
  });

  test('is turned when the picture is turned, and near the area', () => {
    const side = fc.integer({ min: 1, max: 60_000 });
    fc.assert(
      fc.property(side, side, (width, height) => {
        const target = targetOf(area, width, height);
        const turned = targetOf(area, height, width);
        expect([turned.height, turned.width]).toEqual([target.width, target.height]);
        expect(target.width % 32 || target.height % 32).toBe(0);
        expect(Math.abs(target.width * target.height - area.area) / area.area).toBeLessThan(0.2);
      }),
    );
  });

  test('never falls under one multiple', () => {
    const tiny = { ...area, area: 1 };
    expect(targetOf(tiny, 10, 10)).toMatchObject({ width: 32, height: 32 });
  });
});

describe('a limit of patches', () => {
  const patches = { kind: 'patches', patch: 16, maxPatches: 256 } as const;

  test('makes a picture smaller, and never larger', () => {
    const sizeWith = (limit: number | null): number[] => {
      const { width, height } = targetOf(withPatchLimit(patches, limit), 640, 480);
      return [width, height];
    };
    expect(sizeWith(null)).toEqual([288, 224]);
    expect(sizeWith(128)).toEqual([192, 144]);
    expect(sizeWith(1000)).toEqual(sizeWith(null));
  });

  test.each([area, squash])('says nothing to $kind', (geometry) => {
    expect(withPatchLimit(geometry, 128)).toBe(geometry);
  });
});

describe('fixed', () => {
  test('squash takes the whole picture', () => {
    expect(targetOf(squash, 640, 480)).toEqual({
      width: 224,
      height: 224,
      box: { left: 0, top: 0, right: 640, bottom: 480 },
    });
  });

  test('crop takes the centre, of the target’s aspect', () => {
    const target = targetOf({ ...squash, fit: 'crop' }, 640, 480);
    expect(target.box).toEqual({ left: 80, top: 0, right: 560, bottom: 480 });
  });

  test('crop keeps a fraction of the shorter side', () => {
    const target = targetOf({ ...squash, fit: 'crop', fraction: 0.875 }, 480, 640);
    expect(target.box).toEqual({ left: 30, top: 110, right: 450, bottom: 530 });
  });
});
