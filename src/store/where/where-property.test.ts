/** Random filters over random items, against an evaluator that shares nothing with the real one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ItemRecord, Meta, MetaValue } from '../../protocol/store-contract';
import type { GeoBox, GeoCircle, Where, WhereCondition, WhereValue } from '../../protocol/where';
import { EVERYTHING } from './filter';
import { parseWhere } from './parse-where';
import { selectRows } from './select-rows';
import { condition, meta, metaValue, where } from './test-workers/arbitrary-where';

const RUNS = { seed: 7, numRuns: 4000 };

/** The same for all filters, so that each meets many; some rows are dead. */
const METAS = fc.sample(fc.option(meta, { freq: 8 }), { ...RUNS, numRuns: 200 });
const VALUES = fc.sample(fc.dictionary(fc.constant('a'), metaValue), { ...RUNS, numRuns: 200 });

test('selects what a plain reading of the filter selects', () => {
  let selected = 0;
  let rejected = 0;
  fc.assert(
    fc.property(where, (filter) => {
      const expected = METAS.flatMap((each, row) =>
        each !== null && isMet(filter, each) ? row : [],
      );
      expect(rowsOf(filter, METAS)).toEqual(expected);
      selected += expected.length;
      rejected += METAS.length - expected.length;
    }),
    RUNS,
  );
  // Both outcomes are tried, and often.
  expect(Math.min(selected, rejected)).toBeGreaterThan(100_000);
});

test('tests one field as a plain reading of the condition does', () => {
  fc.assert(
    fc.property(condition, (each) => {
      const expected = VALUES.flatMap((one, row) => (meets(one.a, each) ? row : []));
      expect(rowsOf({ a: each }, VALUES)).toEqual(expected);
    }),
    RUNS,
  );
});

test('means the same when it has been sent, or stored', () => {
  fc.assert(
    fc.property(where, (filter) => {
      const rows = rowsOf(filter, METAS);
      expect(rowsOf(structuredClone(filter), METAS)).toEqual(rows);
      const text = JSON.stringify(withoutDates(filter));
      expect(rowsOf(JSON.parse(text) as Where, METAS)).toEqual(rows);
    }),
    { ...RUNS, numRuns: 1000 },
  );
});

function rowsOf(filter: Where, metas: readonly (Meta | null)[]): number[] {
  const records = metas.map((each, row): ItemRecord | null =>
    each === null ? null : { id: `${row}`, meta: each, fields: {} },
  );
  const rows: number[] = [];
  selectRows(parseWhere(filter) ?? EVERYTHING, records).forEach((row) => rows.push(row));
  return rows;
}

/** The form of dates that JSON keeps. */
function withoutDates(data: unknown): unknown {
  if (data instanceof Date) return { date: data.toISOString() };
  if (Array.isArray(data)) return data.map(withoutDates);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, inner]) => [key, withoutDates(inner)]));
}

// The evaluator: one item at a time, straight from the filter as it was written.

function isMet(filter: Where, data: Meta): boolean {
  return Object.entries(filter).every(([key, part]) => {
    if (!Array.isArray(part)) return meets(lookUp(data, key), part as WhereCondition);
    const met = (part as Where[]).filter((each) => isMet(each, data)).length;
    if (key === 'and') return met === part.length;
    return key === 'or' ? met > 0 : met === 0;
  });
}

function lookUp(data: MetaValue, path: string): MetaValue | undefined {
  const own = new Map(Object.entries(data as Meta));
  if (own.has(path)) return own.get(path);
  return path.split('.').reduce<MetaValue | undefined>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return undefined;
    return new Map(Object.entries(inner)).get(step);
  }, data);
}

function meets(data: MetaValue | undefined, wanted: WhereCondition): boolean {
  if (typeof wanted !== 'object' || wanted === null || wanted instanceof Date || 'date' in wanted) {
    return isEqual(data, wanted);
  }
  const list = Array.isArray(data) ? (data as MetaValue[]) : null;
  const includes = (each: WhereValue): boolean => list?.some((one) => isEqual(one, each)) ?? false;
  const { in: among, exists, has, hasAny, hasAll, not, within, near, ...range } = wanted;
  if (among !== undefined && !among.some((each) => isEqual(data, each))) return false;
  if (exists !== undefined && exists !== (data !== undefined)) return false;
  if (has !== undefined && !includes(has)) return false;
  if (hasAny !== undefined && !hasAny.some(includes)) return false;
  if (hasAll !== undefined && !(list !== null && hasAll.every(includes))) return false;
  if (not !== undefined && meets(data, not)) return false;
  if (within !== undefined && !isInBox(data, within)) return false;
  if (near !== undefined && !isNear(data, near)) return false;
  return Object.entries(range).every(([name, bound]) => {
    const order = compare(data, bound);
    if (name === 'gt') return order > 0;
    if (name === 'gte') return order >= 0;
    return name === 'lt' ? order < 0 : order <= 0;
  });
}

function isEqual(data: MetaValue | undefined, wanted: WhereValue): boolean {
  return typeof wanted === 'object' && wanted !== null
    ? compare(data, wanted) === 0
    : data === wanted;
}

/** NaN for what cannot be compared. */
function compare(data: MetaValue | undefined, bound: WhereValue): number {
  if (typeof bound === 'object' && bound !== null) {
    return millisecondsOf(data) - millisecondsOf(bound instanceof Date ? +bound : bound.date);
  }
  if (typeof data === 'number' && typeof bound === 'number') return data - bound;
  if (typeof data !== 'string' || typeof bound !== 'string') return NaN;
  return Number(data > bound) - Number(data < bound);
}

function millisecondsOf(data: MetaValue | undefined): number {
  if (typeof data === 'number') return data;
  if (typeof data !== 'string' || !/^\d{4}-\d\d-\d\d/.test(data)) return NaN;
  // V8 takes the 30th of February for the 1st of March.
  return data === '2024-02-30' ? NaN : Date.parse(data);
}

function pointOf(data: MetaValue | undefined): [lat: number, lon: number] | null {
  if (typeof data !== 'object' || data === null || !('lat' in data && 'lon' in data)) return null;
  const { lat, lon } = data;
  if (typeof lat !== 'number' || typeof lon !== 'number' || Math.abs(lat) > 90) return null;
  return [lat, lon];
}

function isInBox(data: MetaValue | undefined, { south, west, north, east }: GeoBox): boolean {
  const point = pointOf(data);
  if (point === null || point[0] < south || point[0] > north) return false;
  if (Math.abs(point[0]) === 90) return true;
  const end = east < west ? east + 360 : east;
  return [-360, 0, 360].some((turn) => point[1] + turn >= west && point[1] + turn <= end);
}

/** By vectors in space instead of a formula on the sphere. */
function isNear(data: MetaValue | undefined, { lat, lon, radius }: GeoCircle): boolean {
  const point = pointOf(data);
  if (point === null) return false;
  const [left, right] = [vectorOf(...point), vectorOf(lat, lon)];
  const chord = Math.hypot(...left.map((each, axis) => each - (right[axis] ?? NaN)));
  return 2 * 6_371_008.8 * Math.asin(Math.min(1, chord / 2)) <= radius;
}

function vectorOf(lat: number, lon: number): number[] {
  const [phi, lambda] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}
