/** Filters on their way to the worker, over meta that comes from the disk. */
import { expect, test } from 'vitest';
import type { Where } from '../../protocol/where';
import { codeOf, randomRows, Tab } from '../test-workers/store-harness';

test('dates, places and tags of stored items', async () => {
  const name = `where ${crypto.randomUUID()}`;
  const tab = new Tab(name);
  const restarted = new Tab(name);
  try {
    await tab.open();
    const rows = randomRows('w', 40, (index) => ({
      taken: new Date(Date.UTC(2024, 0, 1 + index)).toISOString(),
      place: { lat: 0, lon: index - 180 },
      tags: index % 2 === 0 ? ['even', 'number'] : ['number'],
    }));
    await tab.put(rows);
    const where: Where = {
      taken: { gte: new Date('2024-01-11'), lt: new Date('2024-01-31') },
      tags: { hasAll: ['number', 'even'] },
      not: [{ place: { near: { lat: 0, lon: -166, radius: 100 } } }],
    };
    const vector = rows[0]?.vector ?? new Float32Array(0);
    for (const each of [tab, restarted]) {
      const hits = await each.call('search', { vector, limit: 1000, where });
      const ids = hits.map(({ id }) => Number(id.slice(1))).sort((left, right) => left - right);
      expect(ids).toEqual([10, 12, 16, 18, 20, 22, 24, 26, 28]);
      expect(await each.call('search', { vector, limit: 4, where })).toEqual(hits.slice(0, 4));
    }
    // Another tab's change is seen, though the filter was used before.
    await tab.call('update', { id: 'w16', meta: { tags: [] }, fields: null });
    const after = await restarted.call('search', { vector, limit: 1000, where });
    expect(after).toHaveLength(8);
    const wrong = { taken: new Date(NaN) };
    expect(await codeOf(tab.call('search', { vector, limit: 1, where: wrong }))).toBe(
      'invalid-input',
    );
  } finally {
    await tab.call('drop', {});
    tab.link.dispose();
    restarted.link.dispose();
  }
});
