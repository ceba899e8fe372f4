import { beforeEach, expect, test } from 'vitest';
import type { ItemRecord } from '../../protocol/store-contract';
import type { ItemChange } from './item-changes';
import { LiveIndex } from './live-index';
import { ItemRows } from './test-workers/item-rows';

const { signal } = new AbortController();
const item = (id: string): ItemRecord => ({ id, meta: {}, fields: {} });

let rows: ItemRows;
let told: ItemChange[];
let made: number;
let index: LiveIndex<Map<number, string>>;
let failing: string | null;

beforeEach(() => {
  rows = new ItemRows();
  for (let row = 0; row < 300; row++) rows.put(item(`${row}`));
  told = [];
  made = 0;
  failing = null;
  index = new LiveIndex<Map<number, string>>({
    make: () => {
      made++;
      return new Map();
    },
    apply: (known, changes) => {
      for (const [row, changed] of changes) {
        if (changed?.id === failing) throw new Error('no disk');
        if (changed === null) known.delete(row);
        else known.set(row, changed.id);
      }
      told.push(...changes);
    },
  });
});

/** What the index holds, after it was brought up to date. */
async function indexed(): Promise<[number, string][]> {
  told = [];
  return index.use(rows, signal, (known) => [...known].sort(([left], [right]) => left - right));
}
const expected = (): [number, string][] =>
  rows.items.flatMap((each, row): [number, string][] => (each === null ? [] : [[row, each.id]]));

test('it has all items, and then what changed only', async () => {
  expect(await indexed()).toEqual(expected());
  expect(await indexed()).toEqual(expected());
  expect(told).toEqual([]);
  rows.items[7] = item('other');
  rows.items[299] = null;
  rows.put(item('new'));
  expect(await indexed()).toEqual(expected());
  expect(told.map(([row]) => row)).toEqual([7, 299, 300]);
  expect(made).toBe(1);
});

test('rows that are packed are read once, and told only if they had changed', async () => {
  rows.log.first = 200;
  expect(await indexed()).toEqual(expected());
  expect(rows.reads).toBe(200);
  rows.items[210] = item('changed');
  rows.items[211] = null;
  for (let row = 0; row < 50; row++) rows.put(item(`new ${row}`));
  rows.items = rows.items.map((each) => each && { ...each });
  rows.log.first = 340;
  expect(await indexed()).toEqual(expected());
  expect([rows.reads, made]).toEqual([340, 1]);
  expect(told.map(([row]) => row).filter((row) => row < 300)).toEqual([210, 211]);
});

test('packed rows that die are told', async () => {
  rows.log.first = 200;
  await indexed();
  rows.items[7] = null;
  rows.items[199] = null;
  expect(await indexed()).toEqual(expected());
  expect(told).toEqual([
    [7, null],
    [199, null],
  ]);
});

test('with other numbers of rows it begins anew', async () => {
  await indexed();
  rows.items.splice(0, 100);
  rows.log.end -= 100;
  rows.record = { ...rows.record, generation: 'second' };
  expect(await indexed()).toEqual(expected());
  expect([made, told.length]).toEqual([2, 200]);
});

test('what changes while it is brought up to date is in it', async () => {
  const inMidst = new LiveIndex<Set<string>>({
    make: () => new Set(),
    apply: (known, changes) => {
      if (known.size === 0) rows.items[0] = item('late');
      for (const [, changed] of changes) known.add(changed?.id ?? '');
    },
  });
  expect(await inMidst.use(rows, signal, (known) => known.has('late'))).toBe(true);
});

test('aborted it keeps what it has; after a failure it begins anew', async () => {
  const controller = new AbortController();
  const own = [...rows.items];
  // Turns of the event loop are taken between blocks, and there the signal is heard.
  controller.abort(new Error('enough'));
  await expect(index.use(rows, controller.signal, () => 0)).rejects.toThrow('enough');
  const begun = told.length;
  expect(begun).toBeGreaterThan(0);
  expect(await indexed()).toEqual(expected());
  expect([begun + told.length, made]).toEqual([own.length, 1]);
  failing = 'bad';
  rows.put(item('bad'));
  await expect(indexed()).rejects.toThrow('no disk');
  failing = null;
  expect(await indexed()).toEqual(expected());
  expect([made, told.length]).toEqual([2, 301]);
});
