/** Tabs that write and read one collection as fast as they can, and one of them dies now and then. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoreHit } from '../protocol/store-contract';
import { RegisterHistory } from './test-workers/register-history';
import { randomRows, Tab, type Row } from './test-workers/store-harness';
import { AS_IT_IS, PACKING, type StoreKind } from './test-workers/store-kinds';

/** Items of a batch, which come, go and change together. */
const BATCH = 40;
/** Writes of each kind that each tab makes. */
const ROUNDS = 20;
/** Writes that wait behind each other in one tab. */
const AT_ONCE = 4;
/** Workers that are killed. */
const LIVES = 8;
/** Rounds that a batch stays; rows die by the hundred, so that they are compacted meanwhile. */
const KEPT_ROUNDS = 3;

let kind: StoreKind;
let name: string;
let tabs: Tab[];

afterEach(async () => {
  await newTab().call('drop', {});
  for (const { link } of tabs) link.dispose();
});

function newTab(): Tab {
  const tab = new Tab(name, kind.spawn);
  tabs.push(tab);
  return tab;
}

describe.each([AS_IT_IS, PACKING])('tabs hammering a collection of a store $name', (each) => {
  beforeEach(async () => {
    kind = each;
    name = `hammer ${crypto.randomUUID()}`;
    tabs = [];
    await newTab().open();
  });

  test('see each other’s writes whole, and as soon as they are acknowledged', async () => {
    const history = new RegisterHistory();
    const kept = await whileRead(history, async () => {
      const writers = [newTab(), newTab()].map(async (tab, index) => write(tab, index, history));
      return (await Promise.all(writers)).flat();
    });
    expect(history.problems).toEqual([]);
    await expectBatches(['shared', ...kept]);
  });

  test('lose nothing of many writes at once, while rows move', async () => {
    const tab = newTab();
    const batches = Array.from({ length: 2 * ROUNDS }, (_, batch) => `at once ${batch}`);
    for (let first = 0; first < batches.length; first += AT_ONCE) {
      const some = batches.slice(first, first + AT_ONCE);
      await Promise.all(some.map((batch) => tab.put(batchRows(batch))));
    }
    await expectBatches(batches);
  });

  test('go on when one is killed in the middle of a write', async () => {
    const history = new RegisterHistory();
    const { kept, doubtful } = await whileRead(history, async () => {
      const [kept, { acknowledged, doubtful }] = await Promise.all([
        write(newTab(), 0, history),
        writeAndDie(history),
      ]);
      return { kept: [...kept, ...acknowledged], doubtful };
    });
    expect(history.problems).toEqual([]);
    await expectBatches(['shared', ...kept], doubtful);
  });
});

/** Replaces the shared batch, adds batches and deletes old ones; resolves to those that are there. */
async function write(tab: Tab, writer: number, history: RegisterHistory): Promise<string[]> {
  const kept: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const version = `${writer}.${round}`;
    await history.write(JSON.stringify(version), () => tab.put(sharedBatch(version)));
    const batch = `of ${version}`;
    await tab.put(batchRows(batch));
    kept.push(batch);
    const old = kept.length > KEPT_ROUNDS ? kept.shift() : undefined;
    if (old !== undefined) await tab.call('delete', { ids: idsOf(batchRows(old)) });
  }
  return kept;
}

/** Workers that each acknowledge a write and are killed in their next one. */
async function writeAndDie(history: RegisterHistory) {
  const acknowledged: string[] = [];
  const doubtful: string[] = [];
  for (let life = 0; life < LIVES; life++) {
    const tab = newTab();
    const batch = `of life ${life}`;
    await tab.put(batchRows(batch));
    acknowledged.push(batch);
    const last = `of death ${life}`;
    doubtful.push(last);
    const dying = [
      tab.put(batchRows(last)),
      history.write(JSON.stringify(`death ${life}`), () => tab.put(sharedBatch(`death ${life}`))),
    ];
    // At another moment of its life each time, as far as messages tell moments.
    for (let turn = 0; turn < life % 5; turn++) await tab.link.call('collections', null);
    tab.link.dispose();
    await Promise.allSettled(dying);
  }
  return { acknowledged, doubtful };
}

/** Runs `work` while two tabs look at everything all the time. */
async function whileRead<Result>(
  history: RegisterHistory,
  work: () => Promise<Result>,
): Promise<Result> {
  const reading = { isDone: false };
  const readers = [newTab(), newTab()].map(async (tab) => {
    while (!reading.isDone) {
      await history.read(() => sharedVersion(tab));
      expectWhole(await everything(tab));
      expectWhole(asHits(await tab.call('ids', {})));
    }
  });
  const working = work().finally(() => {
    reading.isDone = true;
  });
  // A reader that fails ends it at once.
  const [result] = await Promise.all([working, ...readers]);
  return result;
}

/** The version of the shared batch, all of whose items have the same; null before there is one. */
async function sharedVersion(tab: Tab): Promise<string | null> {
  const hits = await search(tab, { batch: 'shared' });
  const [version = null, ...others] = new Set(hits.map(({ meta }) => JSON.stringify(meta.version)));
  expect(others).toEqual([]);
  expect(hits).toHaveLength(version === null ? 0 : BATCH);
  return version;
}

function everything(tab: Tab): Promise<readonly StoreHit[]> {
  return search(tab, null);
}

function search(tab: Tab, where: { readonly batch: string } | null): Promise<readonly StoreHit[]> {
  const [query] = randomRows('query', 1);
  if (query === undefined) throw new Error('no row');
  return tab.call('search', { vector: query.vector, limit: 100_000, where });
}

/** Each batch is there with all of its items, and each of them once. */
function expectWhole(items: readonly { readonly id: string }[]): void {
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  const counts = new Map<string, number>();
  for (const { id } of items) counts.set(batchOf(id), (counts.get(batchOf(id)) ?? 0) + 1);
  const broken = [...counts].filter(([, count]) => count !== BATCH);
  expect(broken.map(([batch, count]) => `${count} of ${batch}`)).toEqual([]);
}

/** Exactly these are there, and of the doubtful ones any, in all tabs and on disk. */
async function expectBatches(
  certain: readonly string[],
  doubtful: readonly string[] = [],
): Promise<void> {
  const states = [];
  for (const tab of [newTab(), newTab(), ...tabs.filter(({ link }) => link.state === 'running')]) {
    states.push({ ids: await tab.call('ids', {}), hits: await everything(tab) });
  }
  const [state] = states;
  if (state === undefined) throw new Error('no tab');
  for (const other of states) expect(other).toEqual(state);
  expectWhole(state.hits);
  expectWhole(asHits(state.ids));
  const found = new Set(state.ids.map(batchOf));
  expect(certain.filter((batch) => !found.has(batch))).toEqual([]);
  const expected = new Set([...certain, ...doubtful]);
  expect([...found].filter((batch) => !expected.has(batch))).toEqual([]);
}

function sharedBatch(version: string): Row[] {
  return randomRows('shared/', BATCH, () => ({ batch: 'shared', version }));
}

function batchRows(batch: string): Row[] {
  return randomRows(`${batch}/`, BATCH, () => ({ batch }));
}

function batchOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function idsOf(rows: readonly Row[]): string[] {
  return rows.map(({ item }) => item.id);
}

function asHits(ids: readonly string[]): { readonly id: string }[] {
  return ids.map((id) => ({ id }));
}
