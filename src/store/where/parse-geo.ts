/** Boxes and circles on the earth, checked. All throw `invalid-input`. */
import type { GeoBox, GeoCircle } from '../../protocol/where';
import { invalidWhere, isPlainObject } from './invalid-where';

export function parseBox(value: unknown, place: string): GeoBox {
  const [south, west, north, east] = numbersOf(value, place, ['south', 'west', 'north', 'east']);
  const box = {
    south: within(south, 90, `${place}.south`),
    west: within(west, 180, `${place}.west`),
    north: within(north, 90, `${place}.north`),
    east: within(east, 180, `${place}.east`),
  };
  if (box.south > box.north) {
    throw invalidWhere(`${place}.south`, `at most north, ${box.north}`, box.south);
  }
  return box;
}

export function parseCircle(value: unknown, place: string): GeoCircle {
  const [lat, lon, radius] = numbersOf(value, place, ['lat', 'lon', 'radius']);
  if (!isFiniteNumber(radius) || radius < 0) {
    throw invalidWhere(`${place}.radius`, 'a number of metres, 0 or more', radius);
  }
  return { lat: within(lat, 90, `${place}.lat`), lon: within(lon, 180, `${place}.lon`), radius };
}

/** The values of exactly these keys. */
function numbersOf(value: unknown, place: string, keys: readonly string[]): unknown[] {
  const expected = `an object of the numbers ${keys.join(', ')}`;
  if (!isPlainObject(value)) throw invalidWhere(place, expected, value);
  const isStrange = Object.keys(value).some((key) => !keys.includes(key));
  if (isStrange) throw invalidWhere(place, expected, value);
  return keys.map((key) => value[key]);
}

function within(degrees: unknown, most: number, place: string): number {
  if (!isFiniteNumber(degrees) || Math.abs(degrees) > most) {
    throw invalidWhere(place, `a number of degrees, −${most}…${most}`, degrees);
  }
  return degrees;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
