/** Filters over packed rows, against the same filters over the same items in memory. */
import fc from 'fast-check';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Bitset } from '../../core/bitset';
import { nextTask } from '../../core/next-task';
import type { Meta } from '../../protocol/store-contract';
import type { Where } from '../../protocol/where';
import { MemoryFolder } from '../segment/test-workers/memory-folder';
import { EVERYTHING } from '../where/filter';
import { parseWhere } from '../where/parse-where';
import { selectRows } from '../where/select-rows';
import { meta, where } from '../where/test-workers/arbitrary-where';
import type { PackedRows } from './packed-rows';
import { itemsOf, openRows, packItems, type Items } from './test-workers/packed-fixture';

const RUNS = { seed: 11, numRuns: 1000 };

async function pack(files: readonly Items[]): Promise<PackedRows> {
  const folder = new MemoryFolder();
  for (const [index, items] of files.entries()) await packItems(folder, `${index}`, items);
  return openRows(
    folder,
    files.map((_, index) => `${index}`),
  );
}

function rowsOf(rows: Bitset): number[] {
  const found: number[] = [];
  rows.forEach((row) => found.push(row));
  return found;
}

async function packedRowsOf(packed: PackedRows, filter: Where, items: Items): Promise<number[]> {
  const live = selectRows(EVERYTHING, items);
  return rowsOf(await packed.select(parseWhere(filter) ?? EVERYTHING, live));
}

/** Some rows were dead when they were packed, and others died since. */
describe('random filters select the same rows', () => {
  const METAS = fc.sample(fc.option(meta, { freq: 8 }), { ...RUNS, numRuns: 401 });
  const WRITTEN = [METAS.slice(0, 150), METAS.slice(150, 161), METAS.slice(161)].map((part) =>
    itemsOf(part),
  );
  const NOW = WRITTEN.flat().map((item, row) => (row % 7 === 3 ? null : item));

  test('as of items in memory', async () => {
    const packed = await pack(WRITTEN);
    await fc.assert(
      fc.asyncProperty(where, async (filter) => {
        const expected = rowsOf(selectRows(parseWhere(filter) ?? EVERYTHING, NOW));
        expect(await packedRowsOf(packed, filter, NOW)).toEqual(expected);
      }),
      RUNS,
    );
  });
});

describe('fields of all kinds', () => {
  const COUNT = 1200;
  const metas = Array.from({ length: COUNT }, (_, row): Meta => ({
    kind: row % 3 === 0 ? 'cat' : 'dog',
    number: row / 7,
    name: `image ${row}.jpg`,
    day: new Date(Date.UTC(2024, 0, 1 + (row % 400))).toISOString(),
    place: { lat: (row % 180) - 90, lon: row / 10 },
    tags: row % 2 === 0 ? ['even'] : ['odd', row % 10],
    ...(row % 97 === 0 && { rare: { deep: row } }),
    ...(row % 50 === 0 && { 'rare.deep': null }),
    [`own ${row % 300}`]: row,
    // Longer than a column may be.
    text: `${'x'.repeat(9000)}${row}`,
  }));
  const items = itemsOf(metas);
  let packed: PackedRows;

  beforeAll(async () => {
    packed = await pack([items.slice(0, 1100), items.slice(1100)]);
  });

  test.each<[string, Where]>([
    ['few values', { kind: 'cat' }],
    ['numbers', { number: { gte: 10, lt: 11.5 } }],
    ['strings', { name: { in: ['image 3.jpg', 'image 1199.jpg', 'nothing'] } }],
    ['dates', { day: { gte: new Date('2024-03-01'), lt: new Date('2024-03-05') } }],
    ['places', { place: { within: { south: 0, west: 10, north: 20, east: 50 } } }],
    ['parts of places', { 'place.lat': 12, 'place.alt': { exists: false } }],
    ['lists', { tags: { has: 7 } }],
    ['rare ones', { rare: { exists: true } }],
    ['paths', { 'rare.deep': { gte: 100 } }],
    ['paths that are names', { 'rare.deep': null }],
    ['missing ones', { kind: 'dog', 'rare.deep': { exists: false }, nobody: { exists: false } }],
    ['those without a column', { 'own 299': { exists: true } }],
    ['those whose values are too long', { text: `${'x'.repeat(9000)}77` }],
    [
      'many at once',
      { or: [{ kind: 'cat', number: { lt: 3 } }, { not: [{ tags: { has: 'even' } }] }] },
    ],
  ])('%s', async (_, filter) => {
    const parsed = parseWhere(filter) ?? EVERYTHING;
    const expected = rowsOf(selectRows(parsed, items));
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(COUNT);
    // Also from what is kept of the first time.
    expect(await packedRowsOf(packed, filter, items)).toEqual(expected);
    expect(await packedRowsOf(packed, filter, items)).toEqual(expected);
  });

  test('an evaluation can be aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const filter = parseWhere({ text: 'x' }) ?? EVERYTHING;
    await expect(packed.select(filter, Bitset.full(COUNT), signal)).rejects.toThrow('enough');
  });

  test('messages get their turn between conditions', async () => {
    // Each time that it is asked, long enough after the last.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
    onTestFinished(() => {
      clock.mockRestore();
    });
    const controller = new AbortController();
    const filter = parseWhere({ kind: 'cat', number: { gte: 0 }, tags: { has: 'odd' } });
    const selecting = packed.select(filter ?? EVERYTHING, Bitset.full(COUNT), controller.signal);
    void nextTask().then(() => {
      controller.abort(new Error('in between'));
    });
    await expect(selecting).rejects.toThrow('in between');
  });
});
