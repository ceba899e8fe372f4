import { expect, test } from 'vitest';
import { flatten } from './flatten';
import { packPlanes } from './pack';

test('packs pictures into normalised planes', () => {
  const black = new Uint8ClampedArray([0, 0, 0, 0, 0, 0]);
  const colours = new Uint8ClampedArray([255, 51, 102, 0, 204, 153]);
  const packed = packPlanes([black, colours], 2, { mean: [0.5, 0, 1], std: [0.5, 1, 2] });
  const expected = [-1, -1, 0, 0, -0.5, -0.5, 1, -1, 0.2, 0.8, -0.3, -0.2];
  expect(packed).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    expect(packed[index]).toBeCloseTo(value, 6);
  });
});

test('lays transparent pixels over the background', () => {
  const data = new Uint8ClampedArray([10, 20, 30, 255, 100, 100, 100, 0, 0, 200, 100, 51]);
  const result = flatten({ width: 3, height: 1, data }, [255, 255, 0]);
  expect([...result.data]).toEqual([10, 20, 30, 255, 255, 255, 0, 255, 204, 244, 20, 255]);
  expect(data[7]).toBe(0);
});

test('leaves an opaque picture as it is', () => {
  const pixels = { width: 1, height: 1, data: new Uint8ClampedArray([1, 2, 3, 255]) };
  expect(flatten(pixels, [0, 0, 0])).toBe(pixels);
});
