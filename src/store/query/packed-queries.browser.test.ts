/** Queries over packed rows find what they find over rows in memory. */
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { QueryResult, StoreQuery } from '../../protocol/store-query';
import type { CollectionRecord } from '../schema';
import { wholeQuery } from './test-workers/whole-query';
import {
  randomRows,
  spawnPackedStore,
  spawnStore,
  Tab,
  type Row,
} from '../test-workers/store-harness';

const ROWS = 2500;

const WORDS = ['dog', 'cat', 'beach', 'snow', 'car', 'tree', 'child', 'boat', 'house', 'flower'];

/** Of every third row there are token weights. */
const rows = randomRows('q', ROWS, (index) => ({ index, even: index % 2 === 0 })).map(
  ({ item, vector }, index): Row => {
    const text = WORDS.filter((_, place) => (index * (place + 3)) % 7 < 2).join(' ');
    const ids = Uint32Array.of(index % 10, 20 + (index % 7));
    const sparse = { ids, weights: Float32Array.of(0.25, 1 / (1 + (index % 5))) };
    const signals = index % 3 === 0 ? { sparse, colbert: null } : null;
    return { item: { ...item, fields: { text: `${text} ${index}` }, signals }, vector };
  },
);

let packed: Tab;
let plain: Tab;

beforeEach(async () => {
  packed = new Tab(`packed ${crypto.randomUUID()}`, spawnPackedStore);
  plain = new Tab(`plain ${crypto.randomUUID()}`, spawnStore);
  for (const tab of [packed, plain]) {
    await tab.open();
    for (let first = 0; first < ROWS; first += 500) await tab.put(rows.slice(first, first + 500));
  }
});

afterEach(async () => {
  for (const tab of [packed, plain]) {
    await tab.call('drop', {});
    tab.link.dispose();
  }
});

async function packedRows(): Promise<number> {
  const database = await openDB('photoglot-store');
  try {
    const record = (await database.get('collections', packed.name)) as CollectionRecord;
    return (record.files ?? []).reduce((sum, file) => sum + file.rows, 0);
  } finally {
    database.close();
  }
}

function ask(tab: Tab, asked: Partial<StoreQuery>): Promise<QueryResult> {
  return tab.call('query', wholeQuery({ limit: 30, queryKey: '', ...asked }));
}

/** Ids and scores, by score and id: rows have other numbers, and equal scores go by these. */
function scoresOf({ hits }: QueryResult): [number, string][] {
  return hits.map(({ id, score }): [number, string] => [score, id]).sort();
}

async function expectSame(reader: Tab): Promise<void> {
  const sparse = { ids: Uint32Array.of(3, 22), weights: Float32Array.of(1, 0.5) };
  const questions: Partial<StoreQuery>[] = [
    { text: 'dog 1234' },
    { text: 'beach snow', where: { index: { gte: 1300, lt: 2000 }, even: true }, limit: 1000 },
    { text: '1777' },
    { sparse, limit: 1000, where: { even: true } },
    { text: 'flower', sort: { field: 'index', order: 'desc' }, where: { index: { lt: 2000 } } },
    { text: 'boat', groupBy: 'even', cursor: null },
  ];
  for (const question of questions) {
    const [found, expected] = await Promise.all([ask(reader, question), ask(plain, question)]);
    expect(expected.hits.length).toBeGreaterThan(0);
    if (question.sort === undefined) expect(scoresOf(found)).toEqual(scoresOf(expected));
    else expect(found.hits.map(({ id }) => id)).toEqual(expected.hits.map(({ id }) => id));
  }
}

test('by words, token weights and both with vectors, also after changes', async () => {
  // The index is made of rows in the log, which are packed meanwhile, or of packed ones.
  await expectSame(packed);
  await expect.poll(packedRows).toBeGreaterThan(1000);
  await expectSame(packed);
  for (const tab of [packed, plain]) {
    await tab.call('update', { id: 'q77', meta: null, fields: { text: 'beach boat boat' } });
    await tab.call('delete', { ids: rows.slice(1200, 1290).map(({ item }) => item.id) });
  }
  await expectSame(packed);
  const hybrid = await ask(packed, { vector: rows[5]?.vector ?? null, text: 'boat' });
  expect(hybrid.hits.map(({ id }) => id)).toContain('q5');
  expect(hybrid.hits.find(({ id }) => id === 'q5')?.scores.dense).toBeCloseTo(1, 3);
  // Another worker reads all of it from the files.
  const reader = new Tab(packed.name, spawnPackedStore);
  await expectSame(reader);
  // So many deaths that files are written anew, with other numbers of rows.
  for (const tab of [packed, plain]) {
    await tab.call('delete', { ids: rows.slice(0, 1100).map(({ item }) => item.id) });
  }
  await expectSame(packed);
  await expectSame(reader);
  reader.link.dispose();
});
