import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bruteForce, codeOf, DIMENSION, randomRows, Tab } from './test-workers/store-harness';

let names = 0;
let tab: Tab;
const tabs: Tab[] = [];

function newTab(name: string): Tab {
  const created = new Tab(name);
  tabs.push(created);
  return created;
}

/** A new worker that knows only what is on disk. The old one is gone by the next message. */
function afterRestart(): Tab {
  tab.link.dispose();
  return newTab(tab.name);
}

beforeEach(async () => {
  tab = newTab(`contract ${String(names++)} ${crypto.randomUUID()}`);
  await tab.open();
});

afterEach(async () => {
  await tab.open().catch(() => undefined);
  await newTab(tab.name).call('drop', {});
  for (const each of tabs.splice(0)) each.link.dispose();
});

describe('items', () => {
  test('are put, found, read, listed, counted', async () => {
    const rows = randomRows('a', 5);
    await tab.put(rows);
    expect(await tab.call('count', {})).toBe(5);
    expect(await tab.call('ids', {})).toEqual(['a0', 'a1', 'a2', 'a3', 'a4']);
    expect(await tab.call('details', { ids: ['a4', 'b', 'a0'] })).toEqual(['full', null, 'full']);
    expect(await tab.call('get', { id: 'a3' })).toEqual({
      id: 'a3',
      meta: { index: 3 },
      fields: { text: 'the a 3' },
    });
    expect(await tab.call('vector', { id: 'a2' })).toEqual(rows[2]?.vector);
    expect(await tab.call('get', { id: 'b' })).toBeNull();
    expect(await tab.call('vector', { id: 'b' })).toBeNull();
  });

  test('keep any JSON-like meta and any text', async () => {
    const meta = { deep: [{ text: 'a\u0000犬🐕', none: null }, 1.5, true], '': -0 };
    const [row] = randomRows('m', 1, () => meta);
    if (row === undefined) throw new Error('no row');
    await tab.put([{ ...row, item: { ...row.item, id: 'собака\n🐕', fields: { 'x y': '' } } }]);
    expect(await afterRestart().call('get', { id: 'собака\n🐕' })).toEqual({
      id: 'собака\n🐕',
      meta,
      fields: { 'x y': '' },
    });
  });

  test('are updated key by key', async () => {
    await tab.put(randomRows('a', 3));
    const change = { meta: { kind: 'cat' }, fields: { text: 'new', note: 'n' } };
    expect(await tab.call('update', { id: 'a1', ...change })).toBe(true);
    expect(await tab.call('update', { id: 'a1', meta: null, fields: null })).toBe(true);
    expect(await tab.call('update', { id: 'zz', ...change })).toBe(false);
    const expected = {
      id: 'a1',
      meta: { index: 1, kind: 'cat' },
      fields: { text: 'new', note: 'n' },
    };
    expect(await tab.call('get', { id: 'a1' })).toEqual(expected);
    const restarted = afterRestart();
    expect(await restarted.call('get', { id: 'a1' })).toEqual(expected);
    expect(await restarted.call('ids', {})).toEqual(['a0', 'a1', 'a2']);
  });

  test('are replaced by their id, and move to the end', async () => {
    const rows = randomRows('a', 4);
    await tab.put(rows);
    const [other] = randomRows('other', 1);
    if (other === undefined) throw new Error('no row');
    await tab.put([{ ...other, item: { ...other.item, id: 'a1' } }]);
    for (const tabOf of [() => tab, afterRestart]) {
      const each = tabOf();
      expect(await each.call('ids', {})).toEqual(['a0', 'a2', 'a3', 'a1']);
      expect(await each.call('vector', { id: 'a1' })).toEqual(other.vector);
      expect((await each.call('get', { id: 'a1' }))?.fields).toEqual({ text: 'the other 0' });
      const hits = await each.call('search', { vector: other.vector, limit: 9, where: null });
      expect(hits.map(({ id }) => id).sort()).toEqual(['a0', 'a1', 'a2', 'a3']);
      expect(hits[0]).toMatchObject({ id: 'a1' });
    }
  });

  test('of one put with the same id: the last one counts', async () => {
    const [first, second] = randomRows('a', 2);
    if (first === undefined || second === undefined) throw new Error('no rows');
    await tab.put([first, { ...second, item: { ...second.item, id: 'a0' } }]);
    for (const tabOf of [() => tab, afterRestart]) {
      const each = tabOf();
      expect(await each.call('count', {})).toBe(1);
      expect(await each.call('vector', { id: 'a0' })).toEqual(second.vector);
    }
  });

  test('are deleted, and counted when they were there', async () => {
    await tab.put(randomRows('a', 4));
    expect(await tab.call('delete', { ids: ['a1', 'zz', 'a3', 'a1'] })).toBe(2);
    expect(await tab.call('delete', { ids: ['a1'] })).toBe(0);
    for (const tabOf of [() => tab, afterRestart]) {
      const each = tabOf();
      expect(await each.call('ids', {})).toEqual(['a0', 'a2']);
      expect(await each.call('get', { id: 'a1' })).toBeNull();
    }
  });

  test('come back after a delete as new items', async () => {
    const rows = randomRows('a', 3);
    await tab.put(rows);
    await tab.call('delete', { ids: ['a0'] });
    await tab.put(rows.slice(0, 1));
    for (const tabOf of [() => tab, afterRestart]) {
      const each = tabOf();
      expect(await each.call('ids', {})).toEqual(['a1', 'a2', 'a0']);
    }
  });
});

describe('pictures', () => {
  const picture = (text: string): Blob => new Blob([text], { type: 'image/webp' });

  test('are kept apart, replaced and deleted with their items', async () => {
    const [row, bare] = randomRows('p', 2);
    if (row === undefined || bare === undefined) throw new Error('no rows');
    const item = { ...row.item, thumbnail: picture('small'), original: picture('large') };
    await tab.put([{ ...row, item }, bare]);
    const restarted = afterRestart();
    const [small, large] = [
      await restarted.call('thumbnail', { id: 'p0' }),
      await restarted.call('original', { id: 'p0' }),
    ];
    expect([await small?.text(), small?.type]).toEqual(['small', 'image/webp']);
    expect(await large?.text()).toBe('large');
    expect(await restarted.call('thumbnail', { id: 'p1' })).toBeNull();

    await restarted.call('update', { id: 'p0', meta: { a: 1 }, fields: null });
    expect(await restarted.call('original', { id: 'p0' })).not.toBeNull();
    await restarted.put([{ ...row, item: { ...item, thumbnail: picture('new'), original: null } }]);
    expect(await (await restarted.call('thumbnail', { id: 'p0' }))?.text()).toBe('new');
    expect(await restarted.call('original', { id: 'p0' })).toBeNull();
    await restarted.call('delete', { ids: ['p0'] });
    expect(await restarted.call('thumbnail', { id: 'p0' })).toBeNull();
  });
});

describe('search', () => {
  test('equals a float64 scan, with and without where, before and after a restart', async () => {
    const kinds = ['cat', 'dog', 'bird'];
    const rows = randomRows('s', 700, (index) => ({ index, kind: kinds[index % 3] ?? '' }));
    for (let first = 0; first < rows.length; first += 70)
      await tab.put(rows.slice(first, first + 70));
    const queries = randomRows('query', 5).map(({ vector }) => vector);
    for (const tabOf of [() => tab, afterRestart]) {
      const each = tabOf();
      for (const vector of queries) {
        const all = await each.call('search', { vector, limit: 20, where: null });
        expectSame(all, bruteForce(rows, vector, 20));
        const where = { kind: 'dog', index: { gte: 100, lt: 400 } };
        const some = await each.call('search', { vector, limit: 20, where });
        const allowed = rows.filter((_, index) => index % 3 === 1 && index >= 100 && index < 400);
        expectSame(some, bruteForce(allowed, vector, 20));
        expect(some[0]?.meta).toMatchObject({ kind: 'dog' });
      }
    }
  });

  test('accepts a query of any length greater than zero', async () => {
    const rows = randomRows('a', 3);
    await tab.put(rows);
    const vector = Float32Array.from(rows[1]?.vector ?? [], (value) => value * 1000);
    const [best] = await tab.call('search', { vector, limit: 1, where: null });
    expect(best?.id).toBe('a1');
    expect(best?.score).toBeCloseTo(1, 5);
  });

  test('of an empty collection, or more than there are', async () => {
    const [row] = randomRows('a', 1);
    if (row === undefined) throw new Error('no row');
    const args = { vector: row.vector, limit: 1000, where: null };
    expect(await tab.call('search', args)).toEqual([]);
    await tab.put([row]);
    expect(await tab.call('search', args)).toHaveLength(1);
  });

  function expectSame(
    hits: readonly { id: string; score: number }[],
    expected: readonly { id: string; score: number }[],
  ): void {
    expect(hits.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    hits.forEach(({ score }, index) => {
      expect(score).toBeCloseTo(expected[index]?.score ?? NaN, 5);
    });
  }
});

describe('collections', () => {
  test('are listed with their counts, emptied and dropped', async () => {
    await tab.put(randomRows('a', 3));
    const identity = { name: tab.name, dimension: DIMENSION, model: 'test@1' };
    const mine = async (): Promise<unknown[]> =>
      (await tab.link.call('collections', null)).filter(({ name }) => name === tab.name);
    expect(await mine()).toEqual([{ ...identity, count: 3 }]);
    expect(await tab.open()).toEqual({ ...identity, count: 3 });
    await tab.call('clear', {});
    expect(await mine()).toEqual([{ ...identity, count: 0 }]);
    expect(await tab.call('ids', {})).toEqual([]);
    await tab.put(randomRows('b', 2));
    expect(await tab.call('ids', {})).toEqual(['b0', 'b1']);
    await tab.call('drop', {});
    await tab.call('drop', {});
    expect(await mine()).toEqual([]);
    expect(await codeOf(tab.call('count', {}))).toBe('not-found');
    expect(await codeOf(tab.put(randomRows('c', 1)))).toBe('not-found');
    expect(await tab.open()).toEqual({ ...identity, count: 0 });
  });

  test('do not see into each other, whatever their names', async () => {
    const other = newTab(`${tab.name}\u0000`);
    await other.open();
    await tab.put(randomRows('a', 2));
    await other.put(randomRows('b', 3));
    await tab.call('clear', {});
    expect(await other.call('ids', {})).toEqual(['b0', 'b1', 'b2']);
    await other.call('drop', {});
    expect(await tab.call('count', {})).toBe(0);
  });

  test('belong to one model and one dimension', async () => {
    expect(await codeOf(tab.open({ model: 'test@2' }))).toBe('model-mismatch');
    expect(await codeOf(tab.open({ dimension: 25 }))).toBe('model-mismatch');
    expect(await codeOf(afterRestart().open({ model: 'other@1' }))).toBe('model-mismatch');
  });

  test('shrink again when many rows are dead', async () => {
    const rows = randomRows('c', 900);
    await tab.put(rows);
    const gone = rows.filter((_, index) => index % 3 !== 0).map(({ item }) => item.id);
    expect(await tab.call('delete', { ids: gone })).toBe(600);
    const left = rows.filter((_, index) => index % 3 === 0);
    // The compaction runs before the next write.
    const [extra] = randomRows('extra', 1);
    if (extra === undefined) throw new Error('no row');
    await tab.put([extra]);
    expect(await rowsOnDisk(tab.name)).toBe(301);
    for (const tabOf of [() => tab, afterRestart]) {
      const each = tabOf();
      const [query] = randomRows('query', 1);
      if (query === undefined) throw new Error('no row');
      expect(await each.call('ids', {})).toEqual([...left.map(({ item }) => item.id), 'extra0']);
      const hits = await each.call('search', { vector: query.vector, limit: 10, where: null });
      const expected = bruteForce([...left, extra], query.vector, 10);
      expect(hits.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    }
  });
});

describe('wrong input is refused, and changes nothing', () => {
  test.each([
    ['a vector too short', DIMENSION - 1, 'dimension-mismatch'],
    ['two vectors for one item', 2 * DIMENSION, 'dimension-mismatch'],
    ['a vector of zeros', DIMENSION, 'invalid-input'],
  ])('put with %s', async (_, length, code) => {
    const items = randomRows('a', 1).map(({ item }) => item);
    expect(await codeOf(tab.call('put', { items, vectors: new Float32Array(length) }))).toBe(code);
    expect(await tab.call('count', {})).toBe(0);
  });

  test('put with a number that is none, or an empty id', async () => {
    const [row] = randomRows('a', 1);
    if (row === undefined) throw new Error('no row');
    const vector = row.vector.slice();
    vector[3] = NaN;
    expect(await codeOf(tab.put([{ ...row, vector }]))).toBe('invalid-input');
    expect(await codeOf(tab.put([{ ...row, item: { ...row.item, id: '' } }]))).toBe(
      'invalid-input',
    );
  });

  test.each([
    [DIMENSION + 1, 10, 'dimension-mismatch'],
    [DIMENSION, 0, 'invalid-input'],
    [DIMENSION, 1.5, 'invalid-input'],
    [DIMENSION, 10, 'invalid-input'],
  ])('search for %i zeros, %d hits', async (length, limit, code) => {
    const args = { vector: new Float32Array(length), limit, where: null };
    expect(await codeOf(tab.call('search', args))).toBe(code);
  });

  test('search where nothing can be meant', async () => {
    const vector = new Float32Array(DIMENSION).fill(1);
    const call = tab.call('search', { vector, limit: 1, where: { taken: {} } });
    expect(await codeOf(call)).toBe('invalid-input');
  });

  test.each([{ dimension: 0 }, { dimension: 1.5 }, { model: '' }])(
    'open with %o',
    async (change) => {
      expect(await codeOf(newTab('wrong').open(change))).toBe('invalid-input');
      expect(await codeOf(newTab('').open())).toBe('invalid-input');
    },
  );
});

/** Reads the database itself: what compaction is for cannot be seen through the contract. */
async function rowsOnDisk(collection: string): Promise<number> {
  const { openDB } = await import('idb');
  const database = await openDB('photoglot-store');
  const range = IDBKeyRange.bound([collection], [collection, []]);
  const pages = (await database.getAll('items', range)) as unknown[][];
  database.close();
  return pages.flat().length;
}
