import { describe, expect, test } from 'vitest';
import type { MetaValue } from '../../protocol/store-contract';
import type { GeoBox } from '../../protocol/where';
import { boxTest, circleTest } from './geo-tests';

/** Metres along a meridian of the mean sphere. */
const DEGREE = (6_371_008.8 * Math.PI) / 180;

describe('a box', () => {
  const fiji: GeoBox = { south: -20, west: 175, north: -10, east: -175 };

  test.each<[GeoBox, [lat: number, lon: number][], [lat: number, lon: number][]]>([
    [
      { south: 40, west: -5, north: 50, east: 10 },
      [
        [45, 0],
        [40, -5],
        [50, 10],
      ],
      [
        [39.9, 0],
        [50.1, 0],
        [45, -5.1],
        [45, 10.1],
        [45, 180],
      ],
    ],
    [
      fiji,
      [
        [-15, 175],
        [-15, 180],
        [-15, -180],
        [-15, -175],
      ],
      [
        [-15, 174.9],
        [-15, -174.9],
        [-15, 0],
      ],
    ],
    [
      { south: -1, west: 170, north: 1, east: 180 },
      [
        [0, 180],
        [0, -180],
      ],
      [[0, -179.9]],
    ],
    [
      { south: -1, west: -180, north: 1, east: -170 },
      [
        [0, 180],
        [0, -180],
      ],
      [[0, 179.9]],
    ],
    [
      { south: 80, west: 10, north: 90, east: 20 },
      [
        [90, 15],
        [90, -100],
      ],
      [
        [89.9, -100],
        [-90, 15],
      ],
    ],
    [
      { south: -90, west: -180, north: 90, east: 180 },
      [
        [0, 0],
        [90, 0],
        [-90, 180],
        [12, -180],
      ],
      [],
    ],
    [{ south: 5, west: 7, north: 5, east: 7 }, [[5, 7]], [[5, 7.000001]]],
  ])('%o', (box, inside, outside) => {
    const isIn = boxTest(box);
    for (const [lat, lon] of inside)
      expect([lat, lon, isIn({ lat, lon })]).toEqual([lat, lon, true]);
    for (const [lat, lon] of outside) {
      expect([lat, lon, isIn({ lat, lon })]).toEqual([lat, lon, false]);
    }
  });
});

describe('a circle', () => {
  test.each([
    ['along a meridian', { lat: 10, lon: 20 }, { lat: 11, lon: 20 }, DEGREE],
    ['along the equator', { lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 }, DEGREE],
    ['over the north pole', { lat: 89, lon: 30 }, { lat: 89, lon: -150 }, 2 * DEGREE],
    ['from the south pole', { lat: -90, lon: 77 }, { lat: -88, lon: -12 }, 2 * DEGREE],
    ['to the antipodes', { lat: 30, lon: 100 }, { lat: -30, lon: -80 }, 180 * DEGREE],
    // Computed with 50 digits; Paris and Tokyo.
    ['far away', { lat: 48.8566, lon: 2.3522 }, { lat: 35.6762, lon: 139.6503 }, 9_711_738.23],
  ])('%s', (_, centre, place, distance) => {
    expect(circleTest({ ...centre, radius: distance + 1 })(place)).toBe(true);
    expect(circleTest({ ...centre, radius: distance - 1 })(place)).toBe(false);
    expect(circleTest({ ...place, radius: distance + 1 })(centre)).toBe(true);
    expect(circleTest({ ...place, radius: distance - 1 })(centre)).toBe(false);
  });

  test('of radius 0 is one place, whatever its name', () => {
    expect(circleTest({ lat: 1, lon: 2, radius: 0 })({ lat: 1, lon: 2 })).toBe(true);
    expect(circleTest({ lat: 1, lon: 2, radius: 0 })({ lat: 1, lon: 2.0000001 })).toBe(false);
    expect(circleTest({ lat: 1, lon: 180, radius: 0 })({ lat: 1, lon: -180 })).toBe(true);
    expect(circleTest({ lat: 90, lon: 5, radius: 0 })({ lat: 90, lon: -120 })).toBe(true);
  });

  test('that is the earth has every place', () => {
    for (const radius of [180 * DEGREE + 1, 1e12]) {
      for (let lon = -180; lon <= 180; lon += 7) {
        const isIn = circleTest({ lat: 33.3, lon, radius });
        expect(isIn({ lat: -33.3, lon: lon > 0 ? lon - 180 : lon + 180 })).toBe(true);
      }
    }
  });
});

test.each<MetaValue>([
  null,
  'here',
  [0, 0],
  [{ lat: 0, lon: 0 }],
  {},
  { lat: 0 },
  { lat: 0, lon: '0' },
  { lat: 90.1, lon: 0 },
  { lat: 0, lon: 180.1 },
])('%o is no place', (value) => {
  expect(boxTest({ south: -90, west: -180, north: 90, east: 180 })(value)).toBe(false);
  expect(circleTest({ lat: 0, lon: 0, radius: 1e9 })(value)).toBe(false);
});

test('a place may have more to it', () => {
  const place = { lat: 1, lon: 2, altitude: 300 };
  expect(circleTest({ lat: 1, lon: 2, radius: 1 })(place)).toBe(true);
});
