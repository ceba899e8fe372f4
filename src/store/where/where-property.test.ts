/** Random filters over random items, against an evaluator that shares nothing with the real one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ItemRecord, Meta, MetaValue } from '../../protocol/store-contract';
import type { GeoBox, GeoCircle, Where, WhereCondition, WhereValue } from '../../protocol/where';
import { EVERYTHING } from './filter';
import { parseWhere } from './parse-where';
import { selectRows } from './select-rows';

const RUNS = { seed: 7, numRuns: 4000 };

const INSTANTS = [
  '2024-05-01',
  '2024-05-01T02:00+02:00',
  '2024-05-01T00:00:00.500Z',
  '2024-04-30T23:59:59.999-00:30',
  '2024-02-30',
];
const scalar = fc.oneof(
  fc.integer({ min: -1, max: 2 }),
  fc.constantFrom('', 'a', 'b', 'ab', ...INSTANTS),
  fc.constantFrom(Date.UTC(2024, 4, 1), Date.UTC(2024, 4, 1) + 500),
  fc.constantFrom(true, false, null),
);
const place = fc.record({
  lat: fc.constantFrom(-90, -89.5, -31, 0, 0.25, 47, 90, 91),
  lon: fc.constantFrom(-180, -179.75, -60, 0, 0.5, 120, 179.5, 180),
});
const field = fc.constantFrom('a', 'b', 'c', 'a.b', 'a.b.c', 'and', 'not', 'a.lat', '__proto__');

const metaValue: fc.Arbitrary<MetaValue> = fc.letrec<{ value: MetaValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'meta' },
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(scalar, { maxLength: 4 }) },
    { weight: 2, arbitrary: place },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    { weight: 3, arbitrary: fc.dictionary(fc.constantFrom('b', 'c', 'b.c', 'lat'), tie('value')) },
  ),
})).value;
const meta: fc.Arbitrary<Meta> = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c', 'and', 'not'),
  metaValue,
);

const stored = fc.constantFrom('2024-05-01', '2024-05-01T02:00+02:00').map((date) => ({ date }));
const instant = fc.oneof(
  fc.constantFrom('2024-05-01', '2024-05-01T00:00:00.500Z').map((text) => new Date(text)),
  stored,
);
const value: fc.Arbitrary<WhereValue> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 1, arbitrary: instant },
);
const values = fc.array(value, { maxLength: 4 });
const bounds = fc
  .constantFrom<fc.Arbitrary<number | string | Date | { date: string }>>(
    fc.integer({ min: -1, max: 2 }),
    fc.constantFrom('', 'a', 'b', '2024-05'),
    instant,
  )
  .chain((bound) =>
    fc.record({ gt: bound, gte: bound, lt: bound, lte: bound }, { requiredKeys: [] }),
  );
const box: fc.Arbitrary<GeoBox> = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(-90, -31, -5, 0, 1, 60, 90), { minLength: 2, maxLength: 2 }),
    fc.constantFrom(-180, -170, -60, 0, 110, 180),
    fc.constantFrom(-180, -170, -60, 0, 110, 180),
  )
  .map(([lats, west, east]) => ({
    south: Math.min(...lats),
    west,
    north: Math.max(...lats),
    east,
  }));
const circle: fc.Arbitrary<GeoCircle> = fc.record({
  lat: fc.constantFrom(-90, -88.7, -30, 0, 46.3, 90),
  lon: fc.constantFrom(-180, -178.1, -61.2, 0, 121, 180),
  // No distance between these places comes near to any of them.
  radius: fc.constantFrom(17, 41_234, 212_345.6, 3_123_456, 12_345_678, 30_000_000),
});

const condition: fc.Arbitrary<WhereCondition> = fc.letrec<{ condition: WhereCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'condition' },
    { weight: 2, arbitrary: value },
    {
      weight: 6,
      arbitrary: fc
        .tuple(
          fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: bounds }),
          fc.oneof(
            fc.record({ in: values }),
            fc.record({ has: value }),
            fc.record({ hasAny: values }),
            fc.record({ hasAll: values }),
            fc.record({ exists: fc.boolean() }),
            fc.record({ within: box }),
            fc.record({ near: circle }),
            bounds.filter((some) => Object.keys(some).length > 0),
          ),
        )
        .map(([some, others]) => oneType({ ...some, ...others })),
    },
    { weight: 1, arbitrary: fc.record({ not: tie('condition') }) },
  ),
})).condition;

const where: fc.Arbitrary<Where> = fc.letrec<{ where: Where }>((tie) => {
  const list = fc.array(tie('where'), { maxLength: 3 });
  return {
    where: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'where' },
      { weight: 4, arbitrary: fc.dictionary(field, condition, { maxKeys: 2 }) },
      { weight: 1, arbitrary: fc.record({ and: list }) },
      { weight: 1, arbitrary: fc.record({ or: list }) },
      { weight: 1, arbitrary: fc.record({ not: list }) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.dictionary(fc.constantFrom('a', 'b'), condition, { maxKeys: 1 }), list)
          .map(([fields, or]) => ({ ...fields, or })),
      },
    ),
  };
}).where;

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

/** Bounds of two arbitraries may be of two types; only those of the first are kept. */
function oneType(operators: Record<string, unknown>): WhereCondition {
  const names = ['gt', 'gte', 'lt', 'lte'].filter((name) => name in operators);
  const typeOf = (bound: unknown) => typeof bound;
  const [first] = names;
  const kept = Object.entries(operators).filter(
    ([name, bound]) => !names.includes(name) || typeOf(bound) === typeOf(operators[first ?? name]),
  );
  return Object.fromEntries(kept);
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
