import { expect, test } from 'vitest';
import { costOf, shapeOf } from './image-feeds';

const wide = { width: 288, height: 224 };
const tall = { width: 224, height: 288 };

test('patches share a run whatever the picture’s sides, if their limit is the same', () => {
  const naflex = { geometry: { kind: 'patches', patch: 16, maxPatches: 256 } } as const;
  expect(shapeOf(naflex, wide, null)).toBe(shapeOf(naflex, tall, null));
  expect(shapeOf(naflex, wide, 128)).toBe(shapeOf(naflex, tall, 128));
  expect(shapeOf(naflex, wide, 128)).not.toBe(shapeOf(naflex, wide, null));
  expect(shapeOf(naflex, wide, 1000)).toBe(shapeOf(naflex, wide, null));
});

test('pixels share a run with those of their sides', () => {
  const area = { geometry: { kind: 'area', area: 65_536, multiple: 32, maxAspect: 3 } } as const;
  expect(shapeOf(area, wide, null)).not.toBe(shapeOf(area, tall, null));
  expect(shapeOf(area, wide, 128)).toBe(shapeOf(area, wide, null));
});

test('a list of patches costs its share of the longest, anything else a picture', () => {
  const naflex = { geometry: { kind: 'patches', patch: 16, maxPatches: 256 } } as const;
  expect(costOf(naflex, { width: 256, height: 128 })).toBe(0.5);
  expect(costOf(naflex, { width: 256, height: 256 })).toBe(1);
  const area = { geometry: { kind: 'area', area: 65_536, multiple: 32, maxAspect: 3 } } as const;
  expect(costOf(area, wide)).toBe(1);
});
