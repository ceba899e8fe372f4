import { openDB, deleteDB } from 'idb';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeVectors } from '../core/vector-codec';
import { codeOf, DIMENSION, randomRows, Tab } from './test-workers/store-harness';

const DATABASE = 'photoglot-store';
let tab: Tab;

beforeEach(async () => {
  tab = new Tab(`failures ${crypto.randomUUID()}`);
  await tab.open();
});

afterEach(() => {
  tab.link.dispose();
});

afterAll(() => deleteDB(DATABASE));

describe('a write that does not come to its end', () => {
  test('is there completely or not at all when the worker is killed', async () => {
    const before = randomRows('before ', 40);
    await tab.put(before);
    const start = performance.now();
    await tab.put(randomRows('timed ', 200));
    const duration = performance.now() - start;

    const outcomes = new Set<number>();
    for (let part = 0; part <= 12; part++) {
      const countBefore = await tab.call('count', {});
      const outcome = tab.put(randomRows(`${part} of the kill `, 200)).then(
        () => 'kept',
        () => 'unknown',
      );
      // From at once to after its end.
      if (part > 0) await Promise.race([outcome, timeout((duration * part) / 8)]);
      if (part === 12) await outcome;
      tab.link.dispose();
      tab = new Tab(tab.name);
      const added = (await tab.call('count', {})) - countBefore;
      expect((await outcome) === 'kept' ? [200] : [0, 200]).toContain(added);
      outcomes.add(added);
      expect(await tab.call('ids', {})).toHaveLength(countBefore + added);
      const args = { vector: before[0]?.vector ?? new Float32Array(0), limit: 1, where: null };
      expect((await tab.call('search', args))[0]?.id).toBe('before 0');
    }
    expect(outcomes).toEqual(new Set([0, 200]));
  });

  test('is rolled back when it was aborted before its turn', async () => {
    const controller = new AbortController();
    const running = tab.put(randomRows('a', 300));
    const items = randomRows('b', 1);
    const args = {
      items: items.map(({ item }) => item),
      vectors: new Float32Array(items[0]?.vector ?? []),
    };
    const aborted = codeOf(tab.call('put', args, controller.signal));
    controller.abort();
    expect(await aborted).toBe('aborted');
    await running;
    // Behind the aborted one in the queue.
    await tab.put(randomRows('c', 1));
    expect(await tab.call('count', {})).toBe(301);
  });
});

describe('what another release wrote', () => {
  test.each([
    [1, null],
    [2, 'photoglot-import:of-before'],
  ])('is read and written: a database of version %i', async (version, storedAs) => {
    await deleteDB(DATABASE);
    const rows = randomRows('a', 3);
    const data = Float32Array.from(rows.flatMap(({ vector }) => [...vector]));
    const old = await openDB(DATABASE, version, {
      upgrade: (database) => {
        database.createObjectStore('collections', { keyPath: 'name' });
        for (const store of ['vectors', 'items', 'journal', 'thumbnails', 'originals']) {
          database.createObjectStore(store);
        }
      },
    });
    await old.put('collections', {
      name: tab.name,
      dimension: DIMENSION,
      model: 'test@1',
      count: 3,
      rows: 3,
      segmentRows: 512,
      revision: 1,
      generation: 'first',
      ...(storedAs === null ? {} : { storedAs }),
    });
    const parts = storedAs ?? tab.name;
    await old.put('vectors', encodeVectors({ data, dimension: DIMENSION }), [parts, 0]);
    const page = rows.map(({ item: { id, meta, fields } }) => ({ id, meta, fields }));
    await old.put('items', page, [parts, 0]);
    await old.put('thumbnails', new Blob(['a0']), [parts, 'a0']);
    old.close();
    await tab.open();
    await tab.put(randomRows('b', 2));
    expect(await tab.call('ids', {})).toEqual(['a0', 'a1', 'a2', 'b0', 'b1']);
    expect(await (await tab.call('thumbnail', { id: 'a0' }))?.text()).toBe('a0');
    for (const { vector, item } of rows) {
      const [best] = await tab.call('search', { vector, limit: 1, where: null });
      expect(best?.id).toBe(item.id);
    }
  });

  test('is refused: vectors in another layout', async () => {
    await tab.put(randomRows('a', 3));
    const database = await openDB(DATABASE);
    const key = [tab.name, 0];
    const vectors = (await database.get('vectors', key)) as ArrayBuffer;
    new DataView(vectors).setUint16(4, 2, true);
    await database.put('vectors', vectors, key);
    database.close();
    const other = new Tab(tab.name);
    expect(await codeOf(other.open())).toBe('storage-version');
    other.link.dispose();
  });

  test('is refused: a newer database, which open tabs make way for', async () => {
    await tab.put(randomRows('a', 3));
    // Would wait for ever if the worker kept its connection.
    const newer = await openDB(DATABASE, 99);
    expect(await codeOf(tab.call('count', {}))).toBe('storage-version');
    expect(await codeOf(tab.link.call('collections', null))).toBe('storage-version');
    newer.close();
    await deleteDB(DATABASE);
    expect(await codeOf(tab.call('count', {}))).toBe('not-found');
    await tab.open();
    await tab.put(randomRows('b', 1));
    expect(await tab.call('ids', {})).toEqual(['b0']);
  });
});

function timeout(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
