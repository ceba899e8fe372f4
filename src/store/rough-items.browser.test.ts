/** Items whose vector is to be replaced by a better one. */
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeVectors } from '../core/vector-codec';
import { codeOf, DIMENSION, randomRows, Tab, type Row } from './test-workers/store-harness';

let tab: Tab;
const tabs: Tab[] = [];

function newTab(name: string): Tab {
  const created = new Tab(name);
  tabs.push(created);
  return created;
}

beforeEach(async () => {
  tab = newTab(`rough ${crypto.randomUUID()}`);
  await tab.open();
});

afterEach(async () => {
  await newTab(tab.name).call('drop', {});
  for (const each of tabs.splice(0)) each.link.dispose();
});

const roughly = (rows: readonly Row[]): Row[] =>
  rows.map(({ item, vector }) => ({ item: { ...item, rough: true }, vector }));

/** Gives the ids these rows' vectors. */
function refine(
  ids: readonly string[],
  rows: readonly Row[],
  signal?: AbortSignal,
): Promise<readonly boolean[]> {
  const vectors = Float32Array.from(rows.flatMap(({ vector }) => [...vector]));
  return tab.call('refine', { ids, vectors }, signal);
}

test('are marked until they are refined, and nothing else of them changes', async () => {
  const [row, better] = [randomRows('a', 2), randomRows('better', 1)];
  const pictures = { thumbnail: new Blob(['small']), original: new Blob(['large']) };
  await tab.put(
    roughly(row.map(({ item, vector }) => ({ item: { ...item, ...pictures }, vector }))),
  );
  // A tab that knew it all before.
  const other = newTab(tab.name);
  expect(await other.call('details', { ids: ['a0', 'a1'] })).toEqual(['rough', 'rough']);
  await tab.call('update', { id: 'a0', meta: { star: true }, fields: null });
  const kept = { id: 'a0', meta: { index: 0, star: true }, fields: { text: 'the a 0' } };
  expect(await tab.call('get', { id: 'a0' })).toEqual({ ...kept, rough: true });

  expect(await refine(['a0'], better)).toEqual([true]);
  for (const each of [tab, other, newTab(tab.name)]) {
    expect(await each.call('details', { ids: ['a0', 'a1'] })).toEqual(['full', 'rough']);
    expect(await each.call('get', { id: 'a0' })).toEqual(kept);
    expect(await each.call('count', {})).toBe(2);
    expect(await each.call('vector', { id: 'a0' })).toEqual(better[0]?.vector);
    const vector = better[0]?.vector ?? new Float32Array(0);
    const hits = await each.call('search', { vector, limit: 9, where: null });
    expect(hits.map(({ id, rough }) => [id, rough])).toEqual([
      ['a0', undefined],
      ['a1', true],
    ]);
    expect(await (await each.call('thumbnail', { id: 'a0' }))?.text()).toBe('small');
    expect(await (await each.call('original', { id: 'a0' }))?.text()).toBe('large');
  }
});

test('only they are refined, and once', async () => {
  const [full, rough] = [randomRows('full', 1), randomRows('rough', 1)];
  await tab.put([...full, ...roughly(rough)]);
  const better = randomRows('better', 4);
  expect(await refine(['full0', 'rough0', 'gone', 'rough0'], better)).toEqual([
    false,
    true,
    false,
    false,
  ]);
  expect(await refine(['rough0'], full)).toEqual([false]);
  expect(await tab.call('vector', { id: 'full0' })).toEqual(full[0]?.vector);
  expect(await tab.call('vector', { id: 'rough0' })).toEqual(better[1]?.vector);
  expect(await tab.call('ids', {})).toEqual(['full0', 'rough0']);
});

test('a rough item never takes the place of another', async () => {
  const [full, late] = [randomRows('a', 1), randomRows('a', 2)];
  const pictures = { thumbnail: new Blob(['kept']), original: null };
  await tab.put(full.map(({ item, vector }) => ({ item: { ...item, ...pictures }, vector })));
  await tab.put(roughly(late));
  expect(await tab.call('details', { ids: ['a0', 'a1'] })).toEqual(['full', 'rough']);
  expect(await tab.call('vector', { id: 'a0' })).toEqual(full[0]?.vector);
  expect(await (await tab.call('thumbnail', { id: 'a0' }))?.text()).toBe('kept');
  expect(await tab.call('count', {})).toBe(2);
  await tab.put(roughly(late));
  expect(await tab.call('vector', { id: 'a1' })).toEqual(late[1]?.vector);
  expect(await newTab(tab.name).call('count', {})).toBe(2);
});

test('wrong vectors, or an abort, change nothing', async () => {
  await tab.put(roughly(randomRows('a', 1)));
  expect(await codeOf(refine(['a0'], randomRows('b', 2)))).toBe('dimension-mismatch');
  const zero = { ids: ['a0'], vectors: new Float32Array(DIMENSION) };
  expect(await codeOf(tab.call('refine', zero))).toBe('invalid-input');
  expect(await codeOf(refine(['a0'], randomRows('b', 1), AbortSignal.abort()))).toBe('aborted');
  expect(await tab.call('details', { ids: ['a0'] })).toEqual(['rough']);
});

test('many of them do not make a collection grow for ever', async () => {
  const rows = randomRows('a', 600);
  await tab.put(roughly(rows));
  const better = randomRows('better', 600);
  await refine(
    rows.map(({ item }) => item.id),
    better,
  );
  // The compaction runs before the next write.
  await tab.put(randomRows('b', 1));
  expect((await pagesOnDisk(tab.name)).flat()).toHaveLength(601);
  expect(await tab.call('vector', { id: 'a599' })).toEqual(better[599]?.vector);
});

test('items that an older release stored are in full detail', async () => {
  const rows = randomRows('old', 2);
  const name = tab.name;
  const records = rows.map(({ item: { id, meta, fields } }) => ({ id, meta, fields }));
  const data = Float32Array.from(rows.flatMap(({ vector }) => [...vector]));
  await tab.call('drop', {});
  const database = await openDB('photoglot-store');
  await database.put('collections', {
    ...{ name, dimension: DIMENSION, model: 'test@1', count: 2, rows: 2, segmentRows: 512 },
    ...{ revision: 1, generation: 'of an older release' },
  });
  await database.put('vectors', encodeVectors({ data, dimension: DIMENSION }), [name, 0]);
  await database.put('items', records, [name, 0]);
  await database.put('journal', [0], [name, 1]);
  database.close();

  expect(await tab.open()).toMatchObject({ count: 2 });
  expect(await tab.call('details', { ids: ['old0', 'old1'] })).toEqual(['full', 'full']);
  expect(await refine(['old0'], randomRows('better', 1))).toEqual([false]);
  // And what is not rough is written as it was then.
  await tab.put(randomRows('new', 1));
  const [page] = await pagesOnDisk(name);
  expect(page).toEqual([
    ...records,
    { id: 'new0', meta: { index: 0 }, fields: { text: 'the new 0' } },
  ]);
});

/** Reads the database itself: the contract does not show how items are written. */
async function pagesOnDisk(collection: string): Promise<unknown[][]> {
  const database = await openDB('photoglot-store');
  const range = IDBKeyRange.bound([collection], [collection, []]);
  const pages = (await database.getAll('items', range)) as unknown[][];
  database.close();
  return pages;
}
