import { describe, expect, test } from 'vitest';
import type { ItemRecord, Meta } from '../../protocol/store-contract';
import type { Where } from '../../protocol/where';
import { EVERYTHING } from './filter';
import { parseWhere } from './parse-where';
import { selectRows } from './select-rows';

const CAT: Meta = {
  kind: 'cat',
  age: 3,
  wild: false,
  owner: null,
  name: 'Tom',
  tags: ['a', 'b', 3, null, '2024-05-01T12:00Z'],
  none: [],
  nested: [['a'], { a: 1 }],
  taken: '2024-05-01T14:30:00+02:00',
  added: Date.UTC(2024, 4, 1, 12, 30),
  place: { lat: -36.85, lon: 174.76 },
  camera: { make: 'Canon', lens: { mm: 35, 'f.min': 1.8 } },
  'exif.iso': 200,
  exif: { iso: 100, flash: false },
  and: 'field',
  not: 5,
};

function itemOf(meta: Meta, row: number): ItemRecord {
  return { id: `i${row}`, meta, fields: {} };
}

function rowsOf(where: Where, metas: readonly (Meta | null)[]): number[] {
  const items = metas.map((meta, row) => (meta === null ? null : itemOf(meta, row)));
  const rows: number[] = [];
  selectRows(parseWhere(where) ?? EVERYTHING, items).forEach((row) => rows.push(row));
  return rows;
}

const noon = new Date('2024-05-01T12:00Z');
const taken = new Date('2024-05-01T12:30Z');
const box = { south: -40, west: 170, north: -30, east: -170 };

describe('meets', () => {
  test.each<[string, readonly Where[], readonly Where[]]>([
    [
      'equality',
      [{}, { kind: 'cat' }, { age: 3 }, { wild: false }, { owner: null }, { kind: 'cat', age: 3 }],
      [{ kind: 'dog' }, { age: '3' }, { wild: null }, { age: null }, { kind: 'cat', wild: true }],
    ],
    [
      'in',
      [{ kind: { in: ['dog', 'cat'] } }, { owner: { in: [null] } }, { age: { in: [1, 2, 3] } }],
      [{ kind: { in: [] } }, { kind: { in: ['dog'] } }, { age: { in: ['3'] } }],
    ],
    [
      'ranges',
      [
        { age: { gt: 2, lt: 4 } },
        { age: { gte: 3, lte: 3 } },
        { age: { gt: -1, gte: 3 } },
        { name: { gte: 'T', lt: 'U' } },
        { name: { gt: '' } },
      ],
      [
        { age: { gt: 3 } },
        { age: { lt: 3 } },
        { age: { gt: 3, gte: 3 } },
        { age: { gte: '' } },
        { name: { gt: 'Tom' } },
        { name: { lt: 'Tom' } },
        { name: { gte: 0 } },
        { wild: { gte: -1 } },
        { owner: { gte: -1 } },
        { tags: { gte: '' } },
      ],
    ],
    [
      'dates',
      [
        { taken },
        { added: taken },
        { taken: { date: '2024-05-01T12:30' } },
        { taken: { gt: noon, lte: taken } },
        { added: { gt: noon, lte: taken } },
        { added: { gt: { date: '2024-05-01' }, lt: { date: '2024-05-02' } } },
        { taken: { in: ['x', noon, taken] } },
        { age: { lt: noon } },
      ],
      [
        { taken: '2024-05-01T12:30:00Z' },
        { taken: noon },
        { taken: { gt: taken } },
        { added: { lt: noon } },
        { taken: { in: [noon, 'x'] } },
        { name: { gte: new Date(0) } },
        { owner: { lte: taken } },
        { tags: noon },
      ],
    ],
    [
      'exists',
      [{ kind: { exists: true } }, { owner: { exists: true } }, { missing: { exists: false } }],
      [{ kind: { exists: false } }, { owner: { exists: false } }, { missing: { exists: true } }],
    ],
    [
      'tags',
      [
        { tags: { has: 'a' } },
        { tags: { has: 3 } },
        { tags: { has: null } },
        { tags: { has: noon } },
        { tags: { hasAny: ['x', 'b'] } },
        { tags: { hasAll: ['b', 'a', 'b'] } },
        { tags: { hasAll: [noon, 3, '2024-05-01T12:00Z'] } },
        { tags: { hasAll: [] } },
        { none: { hasAll: [] } },
        { tags: { has: 'a', not: { has: 'x' } } },
      ],
      [
        { tags: 'a' },
        { tags: { in: ['a', 'b'] } },
        { tags: { has: 'x' } },
        { tags: { has: taken } },
        { tags: { hasAny: [] } },
        { tags: { hasAny: ['x', 'y'] } },
        { tags: { hasAll: ['a', 'x'] } },
        { tags: { hasAll: [taken, 'a'] } },
        { none: { hasAny: ['a'] } },
        { none: { hasAll: ['a'] } },
        { nested: { has: 'a' } },
        { kind: { has: 'cat' } },
        { kind: { hasAll: [] } },
        { missing: { hasAll: [] } },
      ],
    ],
    [
      'not on a field',
      [
        { kind: { not: 'dog' } },
        { missing: { not: 'cat' } },
        { missing: { not: { gt: 0 } } },
        { kind: { not: { gt: 0 } } },
        { age: { not: { in: [1, 2] }, lt: 9 } },
        { kind: { not: { not: 'cat' } } },
        { missing: { not: { exists: true } } },
      ],
      [
        { kind: { not: 'cat' } },
        { age: { not: { gt: 0, lt: 9 } } },
        { missing: { not: { exists: false } } },
        { missing: { not: { not: 'cat' } } },
      ],
    ],
    [
      'places',
      [
        { place: { within: box } },
        { place: { near: { lat: -36.85, lon: 174.77, radius: 1000 } } },
        { kind: { not: { within: box } } },
      ],
      [
        { place: { within: { ...box, west: -170, east: 170 } } },
        { place: { near: { lat: -36.85, lon: 174.77, radius: 800 } } },
        { kind: { within: box } },
        { camera: { near: { lat: 0, lon: 0, radius: 1e8 } } },
      ],
    ],
    [
      'paths',
      [
        { 'camera.make': 'Canon' },
        { 'camera.lens.mm': { gt: 30 } },
        { 'exif.iso': 200 },
        { 'exif.flash': false },
        { 'camera.lens.f.min': { exists: false } },
        { 'place.lat': { lt: 0 } },
      ],
      [
        { camera: 'Canon' },
        { 'camera.lens': { not: { exists: true } } },
        { 'exif.iso': 100 },
        { 'camera.make.length': { exists: true } },
        { 'tags.0': { exists: true } },
        { 'tags.length': { exists: true } },
        { 'nested.1.a': { exists: true } },
        { 'camera.': { exists: true } },
        { 'missing.field': { exists: true } },
        { 'owner.x': { exists: true } },
      ],
    ],
    [
      'combinations',
      [
        { and: [{ kind: 'cat' }, { age: 3 }] },
        { and: [] },
        { or: [{ kind: 'dog' }, { age: 3 }] },
        { not: [{ kind: 'dog' }, { age: 4 }] },
        { not: [] },
        { kind: 'cat', or: [{ age: 4 }, { age: 3 }], not: [{ wild: true }] },
        { not: [{ or: [{ not: [{ kind: 'cat' }] }] }] },
        { or: [{}] },
      ],
      [
        { and: [{ kind: 'cat' }, { age: 4 }] },
        { or: [] },
        { or: [{ kind: 'dog' }, { age: 4 }] },
        { not: [{ kind: 'dog' }, { age: 3 }] },
        { not: [{}] },
        { kind: 'dog', or: [{ age: 3 }] },
        { kind: 'cat', not: [{ age: 3 }] },
      ],
    ],
    [
      'fields that are called like combinations',
      [
        { and: 'field' },
        { not: 5 },
        { not: { gt: 4 } },
        { not: { not: 6 } },
        { and: [{ not: 5 }] },
      ],
      [{ and: 'x' }, { or: null }, { not: { gt: 5 } }, { not: { date: '2024-05-01' } }],
    ],
  ])('%s', (_, met, unmet) => {
    for (const where of met) expect([where, rowsOf(where, [CAT])]).toEqual([where, [0]]);
    for (const where of unmet) expect([where, rowsOf(where, [CAT])]).toEqual([where, []]);
  });
});

test('a field that is missing meets nothing, inherited ones included', () => {
  for (const field of ['missing', 'constructor', 'toString', '__proto__', 'camera.constructor']) {
    const conditions = [null, false, { gte: '' }, { gte: 0 }, { in: [null] }, { exists: true }];
    for (const condition of conditions) {
      expect(rowsOf({ [field]: condition }, [CAT])).toEqual([]);
      expect(rowsOf({ [field]: { not: condition } }, [CAT])).toEqual([0]);
    }
  }
});

test('own fields of inherited names are fields', () => {
  const meta = JSON.parse('{"__proto__": 1, "toString": {"constructor": 2}}') as Meta;
  const where = JSON.parse('{"__proto__": 1, "toString.constructor": {"lt": 3}}') as Where;
  expect(rowsOf(where, [meta])).toEqual([0]);
});

test('dead rows are never selected', () => {
  const metas = Array.from({ length: 70 }, (_, row) => (row % 3 === 0 ? null : { row }));
  const live = metas.flatMap((meta, row) => (meta === null ? [] : row));
  const wheres: Where[] = [{}, { x: { exists: false } }, { not: [{ row: -1 }] }, { or: [{}] }];
  for (const where of wheres) expect(rowsOf(where, metas)).toEqual(live);
  expect(rowsOf({ row: { gte: 30, lt: 36 } }, metas)).toEqual([31, 32, 34, 35]);
  expect(rowsOf({}, [])).toEqual([]);
});
