import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bruteForce, codeOf, randomRows, Tab } from './test-workers/store-harness';

let left: Tab;
let right: Tab;

beforeEach(async () => {
  const name = `tabs ${crypto.randomUUID()}`;
  left = new Tab(name);
  right = new Tab(name);
  await Promise.all([left.open(), right.open()]);
});

afterEach(async () => {
  await left.call('drop', {});
  left.link.dispose();
  right.link.dispose();
});

describe('two workers on one collection', () => {
  test('open it at the same time', async () => {
    expect(await left.open()).toEqual(await right.open());
  });

  test('see each other’s writes at once', async () => {
    const rows = randomRows('a', 30);
    await left.put(rows);
    expect(await right.call('count', {})).toBe(30);
    await right.call('update', { id: 'a3', meta: { seen: true }, fields: null });
    expect((await left.call('get', { id: 'a3' }))?.meta).toEqual({ index: 3, seen: true });
    await left.call('delete', { ids: ['a0', 'a1'] });
    expect(await right.call('details', { ids: ['a0', 'a2'] })).toEqual([null, 'full']);
    await right.put(rows.slice(0, 1));
    expect((await left.call('ids', {})).at(-1)).toBe('a0');
    await expectSameState();
    await left.call('clear', {});
    expect(await right.call('ids', {})).toEqual([]);
  });

  test('add at the same time, and nothing is lost', async () => {
    const parts = Array.from({ length: 12 }, (_, part) => randomRows(`part ${part} `, 37));
    await Promise.all(parts.map((rows, part) => (part % 2 === 0 ? left : right).put(rows)));
    expect(await left.call('count', {})).toBe(12 * 37);
    await expectSameState();
    const [query] = randomRows('query', 1);
    if (query === undefined) throw new Error('no row');
    const hits = await right.call('search', { vector: query.vector, limit: 20, where: null });
    const expected = bruteForce(parts.flat(), query.vector, 20);
    expect(hits.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  test('never show half an add', async () => {
    const adding = { isDone: false };
    const added = (async () => {
      for (let part = 0; part < 8; part++) await left.put(randomRows(`part ${part} `, 50));
      adding.isDone = true;
    })();
    const counts = new Set<number>();
    while (!adding.isDone) {
      const ids = await right.call('ids', {});
      expect((await right.call('details', { ids })).every(Boolean)).toBe(true);
      counts.add(ids.length);
    }
    await added;
    expect([...counts].filter((count) => count % 50 !== 0)).toEqual([]);
  });

  test('catch up after more writes than the journal keeps', async () => {
    await right.call('count', {});
    for (let part = 0; part < 70; part++) await left.put(randomRows(`${part} `, 2));
    expect(await right.call('count', {})).toBe(140);
    await expectSameState();
  });

  test('survive a compaction of the other', async () => {
    const rows = randomRows('c', 500);
    await left.put(rows);
    await right.call('count', {});
    await left.call('delete', { ids: rows.slice(100).map(({ item }) => item.id) });
    await left.put(randomRows('d', 3));
    await right.put(randomRows('e', 3));
    expect(await left.call('count', {})).toBe(106);
    await expectSameState();
  });

  test('notice that the collection was dropped, and made anew', async () => {
    await left.put(randomRows('a', 3));
    await right.call('count', {});
    await left.call('drop', {});
    expect(await codeOf(right.call('count', {}))).toBe('not-found');
    expect(await codeOf(right.put(randomRows('b', 1)))).toBe('not-found');
    await left.open();
    await left.put(randomRows('c', 3));
    expect(await right.call('ids', {})).toEqual(['c0', 'c1', 'c2']);
  });

  /** Both tabs, and one that reads everything anew, agree in every byte. */
  async function expectSameState(): Promise<void> {
    const fresh = new Tab(left.name);
    const [query] = randomRows('query', 1);
    if (query === undefined) throw new Error('no row');
    const states = [left, right, fresh].map(async (tab) => ({
      ids: await tab.call('ids', {}),
      hits: await tab.call('search', { vector: query.vector, limit: 1000, where: null }),
    }));
    const [first, second, third] = await Promise.all(states);
    fresh.link.dispose();
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  }
});
