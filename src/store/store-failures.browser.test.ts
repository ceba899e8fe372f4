import { openDB, deleteDB } from 'idb';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, randomRows, Tab } from './test-workers/store-harness';

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
