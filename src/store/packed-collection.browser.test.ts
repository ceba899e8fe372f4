/** Collections of which most rows lie in packed files. */
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredFile } from './schema';
import {
  bruteForce,
  codeOf,
  randomRows,
  spawnPackedStore,
  Tab,
  type Row,
} from './test-workers/store-harness';

/** Of vectors with half the precision. */
const TOLERANCE = 1e-3;

let tab: Tab;

beforeEach(async () => {
  tab = newTab(`packed ${crypto.randomUUID()}`);
  await tab.open();
});

afterEach(async () => {
  await tab.call('drop', {});
  tab.link.dispose();
});

function newTab(name: string): Tab {
  return new Tab(name, spawnPackedStore);
}

async function filesOf(name: string): Promise<readonly StoredFile[]> {
  const database = await openDB('photoglot-store');
  try {
    const record = (await database.get('collections', name)) as
      { files?: StoredFile[] } | undefined;
    return record?.files ?? [];
  } finally {
    database.close();
  }
}

async function packedRows(name: string): Promise<number> {
  return (await filesOf(name)).reduce((sum, { rows }) => sum + rows, 0);
}

async function storedFiles(): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('photoglot', { create: true });
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

/** Puts rows until so many of them are packed. */
async function putPacked(rows: readonly Row[], atLeast = 512): Promise<void> {
  for (let first = 0; first < rows.length; first += 700) {
    await tab.put(rows.slice(first, first + 700));
  }
  await expect.poll(() => packedRows(tab.name)).toBeGreaterThanOrEqual(atLeast);
}

async function expectFound(reader: Tab, rows: readonly Row[], limit = 10): Promise<void> {
  for (const { vector } of randomRows('query', 8)) {
    const hits = await reader.call('search', { vector, limit, where: null });
    const expected = bruteForce(rows, vector, limit);
    expect(hits).toHaveLength(expected.length);
    hits.forEach(({ id, score }, index) => {
      expect(Math.abs(score - (expected[index]?.score ?? NaN))).toBeLessThan(TOLERANCE);
      const row = rows.find(({ item }) => item.id === id);
      expect(row).toBeDefined();
    });
  }
}

async function expectSame(reader: Tab, rows: readonly Row[]): Promise<void> {
  expect(await reader.call('count', {})).toBe(rows.length);
  const ids = await reader.call('ids', {});
  expect([...ids].sort()).toEqual(rows.map(({ item }) => item.id).sort());
  await expectFound(reader, rows);
}

test('what is packed is found, read and filtered like before', async () => {
  const rows = randomRows('a', 2500);
  await putPacked(rows, 2048);
  await expectSame(tab, rows);
  const { item, vector } = rows[1234] ?? { item: null, vector: new Float32Array(0) };
  expect(await tab.call('get', { id: 'a1234' })).toEqual({
    id: 'a1234',
    meta: item?.meta,
    fields: item?.fields,
  });
  const stored = await tab.call('vector', { id: 'a1234' });
  expect(stored?.every((value, index) => Math.abs(value - (vector[index] ?? NaN)) < 1e-3)).toBe(
    true,
  );
  const where = { index: { gte: 1000, lt: 1010 } };
  const hits = await tab.call('search', { vector, limit: 100, where });
  expect(hits.map(({ id }) => id).sort()).toEqual(
    Array.from({ length: 10 }, (_, index) => `a${1000 + index}`),
  );
  expect(await tab.call('details', { ids: ['a7', 'none', 'a2499'] })).toEqual([
    'full',
    null,
    'full',
  ]);
});

test('packed items are changed, replaced and deleted', async () => {
  const rows = randomRows('a', 2200);
  await putPacked(rows, 1536);
  expect(await tab.call('update', { id: 'a3', meta: { seen: true }, fields: null })).toBe(true);
  expect(await tab.call('update', { id: 'none', meta: {}, fields: null })).toBe(false);
  expect((await tab.call('get', { id: 'a3' }))?.meta).toEqual({ index: 3, seen: true });
  const [replacement] = randomRows('b', 1);
  if (replacement === undefined) throw new Error('no row');
  const replaced = { ...replacement, item: { ...replacement.item, id: 'a5' } };
  await tab.put([replaced]);
  expect(await tab.call('delete', { ids: ['a6', 'a7', 'none'] })).toBe(2);
  const now = [...rows.filter(({ item: { id } }) => !['a5', 'a6', 'a7'].includes(id)), replaced];
  await expectSame(tab, now);
  const other = newTab(tab.name);
  await expectSame(other, now);
  const [best] = await other.call('search', { vector: replaced.vector, limit: 1, where: null });
  expect(best?.id).toBe('a5');
  expect(
    await other.call('search', { vector: replaced.vector, limit: 9, where: { seen: true } }),
  ).toHaveLength(1);
  other.link.dispose();
});

test('items that change while they are packed are as they were changed', async () => {
  const rows = randomRows('a', 3000);
  const seen = new Set<number>();
  const putting = putPacked(rows, 2048);
  // From the first put on, and through all packing.
  await expect.poll(() => tab.call('count', {})).toBeGreaterThan(0);
  const isPutting = { value: true };
  const updating = (async () => {
    for (let index = 0; isPutting.value; index = (index + 7) % 700) {
      await tab.call('update', { id: `a${index}`, meta: { seen: true }, fields: null });
      seen.add(index);
    }
  })();
  await putting;
  isPutting.value = false;
  await updating;
  expect(seen.size).toBeGreaterThan(3);
  await expectSame(tab, rows);
  const other = newTab(tab.name);
  for (const reader of [tab, other]) {
    const args = {
      vector: rows[0]?.vector ?? new Float32Array(0),
      limit: 3000,
      where: { seen: true },
    };
    const hits = await reader.call('search', args);
    expect(hits.map(({ id }) => id).sort()).toEqual([...seen].map((index) => `a${index}`).sort());
  }
  await expectSame(other, rows);
  other.link.dispose();
});

test('a file that is replaced or dropped while it is read is removed by who reads it', async () => {
  const before = new Set(await storedFiles());
  await putPacked(randomRows('a', 1500), 1024);
  const held = (await filesOf(tab.name)).map(({ name }) => name);
  const others = async (): Promise<string[]> =>
    (await storedFiles()).filter((name) => !before.has(name));
  const other = newTab(tab.name);
  await other.call('count', {});
  await tab.call('drop', {});
  expect(await others()).toEqual(expect.arrayContaining(held));
  // It notices, and lets go.
  expect(await codeOf(other.call('count', {}))).toBe('not-found');
  await expect.poll(others).toEqual([]);
  await tab.open();
});

test('files become fewer as they become many, and those that are left over are removed', async () => {
  const before = new Set(await storedFiles());
  const rows = randomRows('a', 8000);
  await putPacked(rows, 7168);
  await expect.poll(async () => (await filesOf(tab.name)).length).toBeLessThanOrEqual(4);
  await expectSame(tab, rows);
  const kept = (await filesOf(tab.name)).map(({ name }) => name);
  const others = async (): Promise<string[]> =>
    (await storedFiles()).filter((name) => !before.has(name));
  await expect.poll(async () => (await others()).sort()).toEqual([...kept].sort());
  await tab.call('drop', {});
  await expect.poll(others).toEqual([]);
  await tab.open();
});

test('files lose their dead rows when these are many', async () => {
  const rows = randomRows('a', 3000);
  await putPacked(rows, 2560);
  const gone = rows.filter((_, index) => index % 3 !== 0).map(({ item }) => item.id);
  expect(await tab.call('delete', { ids: gone })).toBe(2000);
  await expect.poll(() => packedRows(tab.name)).toBeLessThan(1200);
  const left = rows.filter((_, index) => index % 3 === 0);
  await expectSame(tab, left);
  const other = newTab(tab.name);
  await expectSame(other, left);
  other.link.dispose();
});

describe('two tabs', () => {
  test('follow each other through packing, merging and dropping', async () => {
    const other = newTab(tab.name);
    let rows: Row[] = [];
    for (let round = 0; round < 8; round++) {
      const writer = round % 2 === 0 ? tab : other;
      const added = randomRows(`r${round} `, 900);
      await writer.put(added);
      rows = [...rows, ...added];
      const gone = rows.filter((_, index) => index % 7 === round % 7).map(({ item }) => item.id);
      await (writer === tab ? other : tab).call('delete', { ids: gone });
      const isGone = new Set(gone);
      rows = rows.filter(({ item }) => !isGone.has(item.id));
      await Promise.all([expectFound(tab, rows), expectFound(other, rows)]);
    }
    await Promise.all([expectSame(tab, rows), expectSame(other, rows)]);
    expect(await packedRows(tab.name)).toBeGreaterThan(1000);
    other.link.dispose();
  });

  test('one goes on reading while the other drops the collection', async () => {
    const rows = randomRows('a', 1500);
    await putPacked(rows, 1024);
    const other = newTab(tab.name);
    await expectSame(other, rows);
    await tab.call('drop', {});
    expect(await codeOf(other.call('count', {}))).toBe('not-found');
    await tab.open();
    await putPacked(randomRows('b', 1500), 1024);
    expect(await other.call('count', {})).toBe(1500);
    other.link.dispose();
  });
});

test('a missing file is told of, and the collection can be dropped', async () => {
  await putPacked(randomRows('a', 1500), 1024);
  tab.link.dispose();
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('photoglot');
  const [file] = await filesOf(tab.name);
  await expect
    .poll(() => folder.removeEntry(file?.name ?? '').then(() => 'removed', String))
    .toBe('removed');
  tab = newTab(tab.name);
  expect(await codeOf(tab.call('count', {}))).toBe('storage');
  await tab.call('drop', {});
  await tab.open();
  expect(await tab.call('count', {})).toBe(0);
});
