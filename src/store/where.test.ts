import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { Meta, Where } from '../protocol/store-contract';
import { compileWhere } from './where';

const CAT: Meta = { kind: 'cat', age: 3, wild: false, owner: null, tags: ['a'], name: 'Tom' };

function matches(where: Where, meta = CAT): boolean {
  return compileWhere(where)?.(meta) ?? true;
}

function failureOf(where: unknown): string {
  try {
    compileWhere(where as Where);
  } catch (thrown) {
    if (isPhotoglotError(thrown)) return `${thrown.code}: ${thrown.message}`;
  }
  return 'none';
}

describe('where', () => {
  test.each<[Where, boolean]>([
    [{}, true],
    [{ kind: 'cat' }, true],
    [{ kind: 'dog' }, false],
    [{ kind: 'cat', wild: true }, false],
    [{ kind: 'cat', wild: false }, true],
    [{ age: 3 }, true],
    [{ owner: null }, true],
    [{ age: null }, false],
    [{ age: { gt: 2, lt: 4 } }, true],
    [{ age: { gte: 3, lte: 3 } }, true],
    [{ age: { gt: 3 } }, false],
    [{ age: { lt: 3 } }, false],
    [{ name: { gte: 'T', lt: 'U' } }, true],
    [{ name: { gt: 'Tom' } }, false],
  ])('%o', (where, expected) => {
    expect(matches(where)).toBe(expected);
  });

  test('a missing field meets no condition, inherited ones included', () => {
    for (const field of ['missing', 'constructor', 'toString', '__proto__']) {
      expect(matches({ [field]: null })).toBe(false);
      expect(matches({ [field]: { gte: '' } })).toBe(false);
    }
  });

  test('a value of another type meets no range', () => {
    for (const field of ['kind', 'wild', 'owner', 'tags']) {
      expect(matches({ [field]: { gte: -1e9 } })).toBe(false);
    }
    expect(matches({ age: { gte: '' } })).toBe(false);
  });

  test('ranges are what the operators are', () => {
    const number = fc.integer({ min: -2, max: 2 });
    fc.assert(
      fc.property(number, number, (value, bound) => {
        const meta = { value };
        expect(matches({ value: { gt: bound } }, meta)).toBe(value > bound);
        expect(matches({ value: { gte: bound } }, meta)).toBe(value >= bound);
        expect(matches({ value: { lt: bound } }, meta)).toBe(value < bound);
        expect(matches({ value: { lte: bound } }, meta)).toBe(value <= bound);
      }),
    );
  });

  test.each([
    [{ age: {} }, 'where.age must be at least one bound; got none.'],
    [{ age: { gt: 1, lt: 'b' } }, 'where.age must be bounds of one type; got "number and string".'],
    [{ age: { ne: 1 } }, 'where.age must be gt, gte, lt or lte; got "ne".'],
    [{ age: { gt: NaN } }, 'where.age.gt must be a finite number or a string; got NaN.'],
    [{ age: { gt: null } }, 'where.age.gt must be a finite number or a string; got null.'],
    [{ age: NaN }, 'where.age must be a finite number, string, boolean, null or range; got NaN.'],
    [
      { age: undefined },
      'where.age must be a finite number, string, boolean, null or range; got undefined.',
    ],
    [{ tags: ['a'] }, 'where.tags must be a finite number, string, boolean, null or range; got 0.'],
    [[], 'where must be an object of conditions; got none.'],
    ['age', 'where must be an object of conditions; got "age".'],
  ])('%o is refused', (where, message) => {
    expect(failureOf(where)).toBe(`invalid-input: ${message}`);
  });
});
