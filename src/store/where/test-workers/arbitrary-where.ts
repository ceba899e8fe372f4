/** Random meta, and random filters of it. */
import fc from 'fast-check';
import type { Meta, MetaValue } from '../../../protocol/store-contract';
import type { GeoBox, GeoCircle, Where, WhereCondition, WhereValue } from '../../../protocol/where';

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

export const metaValue: fc.Arbitrary<MetaValue> = fc.letrec<{ value: MetaValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'meta' },
    { weight: 5, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(scalar, { maxLength: 4 }) },
    { weight: 2, arbitrary: place },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    { weight: 3, arbitrary: fc.dictionary(fc.constantFrom('b', 'c', 'b.c', 'lat'), tie('value')) },
  ),
})).value;
/** Few keys and values, so that filters meet many of them. */
export const meta: fc.Arbitrary<Meta> = fc.dictionary(
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

export const condition: fc.Arbitrary<WhereCondition> = fc.letrec<{ condition: WhereCondition }>(
  (tie) => ({
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
  }),
).condition;

export const where: fc.Arbitrary<Where> = fc.letrec<{ where: Where }>((tie) => {
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
