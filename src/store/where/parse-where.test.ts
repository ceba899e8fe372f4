import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../../errors';
import { parseWhere } from './parse-where';

function failureOf(where: unknown): string {
  try {
    parseWhere(where);
  } catch (thrown) {
    if (isPhotoglotError(thrown)) return `${thrown.code}: ${thrown.message}`;
    throw thrown;
  }
  return 'none';
}

function nested(depth: number, wrap: (inner: unknown) => unknown, inner: unknown): unknown {
  return depth === 0 ? inner : wrap(nested(depth - 1, wrap, inner));
}

test.each([null, {}, { and: [] }])('%o has no conditions', (where) => {
  expect(parseWhere(where)).toBeNull();
});

describe('one form for what is the same', () => {
  test.each([
    [{ taken: new Date('2024-05-01') }, { taken: { date: '2024-05-01T02:00+02:00' } }],
    [{ tags: { has: 'a' } }, { tags: { hasAny: ['a'] } }],
    [{ size: 0 }, { size: -0 }],
  ])('%o and %o', (left, right) => {
    expect(JSON.stringify(parseWhere(left))).toBe(JSON.stringify(parseWhere(right)));
  });

  test.each([
    [{ taken: new Date('2024-05-01') }, { taken: '2024-05-01T00:00:00.000Z' }],
    [{ taken: { gt: new Date(5) } }, { taken: { gt: 5 } }],
    [{ a: 1, b: 2 }, { or: [{ a: 1 }, { b: 2 }] }],
  ])('not for %o and %o', (left, right) => {
    expect(JSON.stringify(parseWhere(left))).not.toBe(JSON.stringify(parseWhere(right)));
  });
});

describe('refuses', () => {
  const operators = 'gt, gte, lt, lte, in, exists, has, hasAny, hasAll, not, within, near';
  const value = 'a finite number, string, boolean, null or date';
  const date = 'an ISO 8601 date such as 2024-05-01 or 2024-05-01T14:30:00Z';

  test.each([
    ['age', 'where must be an object of conditions; got "age".'],
    [undefined, 'where must be an object of conditions; got undefined.'],
    [[], 'where must be an object of conditions; got an array of 0.'],
    [new Map([['a', 1]]), 'where must be an object of conditions; got Map.'],
    [{ or: [{ a: 1 }, 'b'] }, 'where.or[1] must be an object of conditions; got "b".'],
    // eslint-disable-next-line no-sparse-arrays -- A hole counts, too.
    [{ and: [, {}] }, 'where.and[0] must be an object of conditions; got undefined.'],
    [
      { not: { kind: 'cat' } },
      'where.not must be an array of filters, or the condition on a field; got an object with kind.',
    ],
    [
      { and: [{ or: [{ 'a.b': NaN }] }] },
      'where.and[0].or[0].a.b must be a finite number, string, boolean, null, date or an object of operators; got NaN.',
    ],
    [
      { a: undefined },
      'where.a must be a finite number, string, boolean, null, date or an object of operators; got undefined.',
    ],
    [
      { tags: ['a'] },
      'where.tags must be a value or an object of operators (for lists: in, hasAny or hasAll); got an array of 1.',
    ],
    [{ a: /b/ }, 'where.a must be a value or an object of operators; got RegExp.'],
    [{ a: {} }, 'where.a must be at least one operator; got an empty object.'],
    [
      { a: { ne: 1, gt: 0 } },
      `where.a must be an object of operators (${operators}); got an object with ne, gt.`,
    ],
    [
      { a: { date: '2024-05-01', gt: 0 } },
      `where.a must be an object of operators (${operators}); got an object with date, gt.`,
    ],
    [
      { a: { toString: 1 } },
      `where.a must be an object of operators (${operators}); got an object with toString.`,
    ],
    [{ a: { gt: null } }, 'where.a.gt must be a finite number, a string or a date; got null.'],
    [
      { a: { lt: Infinity } },
      'where.a.lt must be a finite number, a string or a date; got Infinity.',
    ],
    [{ a: { gt: 1, lt: 'b' } }, 'where.a must be bounds of one type; got "number and string".'],
    [
      { a: { gt: 1, lt: new Date(2) } },
      'where.a must be bounds of one type; got "number and date".',
    ],
    [{ a: new Date(NaN) }, 'where.a must be a valid date; got "Invalid Date".'],
    [{ a: { gt: new Date(NaN) } }, 'where.a.gt must be a valid date; got "Invalid Date".'],
    [{ a: { date: 'May 2024' } }, `where.a.date must be ${date}; got "May 2024".`],
    [{ a: { in: [{ date: 5 }] } }, `where.a.in[0].date must be ${date}; got 5.`],
    [{ a: { in: 'b' } }, 'where.a.in must be an array of values; got "b".'],
    [{ a: { in: [1, [2]] } }, `where.a.in[1] must be ${value}; got an array of 1.`],
    [{ a: { has: ['b'] } }, `where.a.has must be ${value}; got an array of 1.`],
    [{ a: { hasAny: 'b' } }, 'where.a.hasAny must be an array of values; got "b".'],
    [{ a: { hasAll: [{}] } }, `where.a.hasAll[0] must be ${value}; got an empty object.`],
    [{ a: { exists: 1 } }, 'where.a.exists must be true or false; got 1.'],
    [{ a: { not: {} } }, 'where.a.not must be at least one operator; got an empty object.'],
    [{ a: { not: { not: { in: [NaN] } } } }, `where.a.not.not.in[0] must be ${value}; got NaN.`],
    [
      { a: { within: [1, 2, 3, 4] } },
      'where.a.within must be an object of the numbers south, west, north, east; got an array of 4.',
    ],
    [
      { a: { within: { south: 2, west: 0, north: 1, east: 0 } } },
      'where.a.within.south must be at most north, 1; got 2.',
    ],
    [
      { a: { within: { south: 0, west: 181, north: 1, east: 0 } } },
      'where.a.within.west must be a number of degrees, −180…180; got 181.',
    ],
    [
      { a: { within: { south: 0, west: 1, north: 1 } } },
      'where.a.within.east must be a number of degrees, −180…180; got undefined.',
    ],
    [
      { a: { near: { lat: 91, lon: 0, radius: 5 } } },
      'where.a.near.lat must be a number of degrees, −90…90; got 91.',
    ],
    [
      { a: { near: { lat: 0, lon: 0, radius: -1 } } },
      'where.a.near.radius must be a number of metres, 0 or more; got -1.',
    ],
    [
      { a: { near: { lat: 0, lon: 0, radius: 1, unit: 'km' } } },
      'where.a.near must be an object of the numbers lat, lon, radius; got an object with lat, lon, radius, unit.',
    ],
  ])('%o', (where, message) => {
    expect(failureOf(where)).toBe(`invalid-input: ${message}`);
  });

  test('in few words, however much it got', () => {
    expect(failureOf({ ['x'.repeat(1e5)]: { ['y'.repeat(1e5)]: 1 } }).length).toBeLessThan(500);
    expect(failureOf({ a: { in: 'z'.repeat(1e5) } }).length).toBeLessThan(500);
  });
});

describe('takes at most', () => {
  const TOO_DEEP = 'is nested deeper than 16 levels, or contains itself.';

  test('16 levels', () => {
    const inAnd = (inner: unknown) => ({ and: [inner] });
    const inNot = (inner: unknown) => ({ not: inner });
    expect(failureOf(nested(16, inAnd, { a: 1 }))).toBe('none');
    expect(failureOf(nested(17, inAnd, { a: 1 }))).toContain(TOO_DEEP);
    expect(failureOf({ a: nested(16, inNot, 1) })).toBe('none');
    expect(failureOf({ a: nested(17, inNot, 1) })).toContain(TOO_DEEP);
    expect(failureOf(nested(9, inAnd, { a: nested(9, inNot, 1) }))).toContain(TOO_DEEP);
  });

  test('itself not at all', () => {
    const where: Record<string, unknown> = {};
    where.or = [where, where, where];
    expect(failureOf(where)).toContain('too-large');
    const condition: Record<string, unknown> = {};
    condition.not = condition;
    expect(failureOf({ a: condition })).toContain('too-large');
  });

  test('128 conditions', () => {
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, index]));
    const message = 'too-large: where has more than 128 conditions; that is the limit.';
    expect(failureOf(fields(128))).toBe('none');
    expect(failureOf(fields(129))).toBe(message);
    expect(failureOf({ or: Array<unknown>(64).fill({ a: 1 }) })).toBe('none');
    expect(failureOf({ or: Array<unknown>(65).fill({ a: 1 }) })).toBe(message);
    expect(failureOf({ and: Array<unknown>(1e6).fill({}) })).toBe(message);
    expect(failureOf({ and: new Array<unknown>(2 ** 32 - 1) })).toBe(message);
  });

  test('10,000 values in lists', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => index);
    const message = 'too-large: where has more than 10000 values in lists; that is the limit.';
    expect(failureOf({ a: { in: list(5000) }, b: { hasAny: list(5000) } })).toBe('none');
    expect(failureOf({ a: { in: list(5000) }, b: { hasAny: list(5001) } })).toBe(message);
    expect(failureOf({ a: { hasAll: new Array<unknown>(2 ** 32 - 1) } })).toBe(message);
  });

  test('1,000,000 characters', () => {
    const message = 'too-large: where has more than 1000000 characters; that is the limit.';
    const half = 'x'.repeat(500_000);
    expect(failureOf({ [half]: half })).toBe('none');
    expect(failureOf({ [half]: `${half}x` })).toBe(message);
    expect(failureOf({ a: { in: [half, half] } })).toBe(message);
    expect(failureOf({ a: { gt: half, lt: half } })).toBe(message);
  });
});
