import { expect, test } from 'vitest';
import { scalarKernel } from '../core/kernel/scalar-kernel';
import type { StoredItem } from '../protocol/store-contract';
import { CollectionMemory } from './collection-memory';
import { planAdd } from './plans';

function memoryOf(...ids: readonly string[]): CollectionMemory {
  const record = {
    name: 'c',
    dimension: 2,
    model: 'm@1',
    count: ids.length,
    rows: ids.length,
    segmentRows: 512,
    revision: 1,
    generation: 'g',
  };
  const memory = CollectionMemory.empty(scalarKernel, record);
  memory.apply({
    record,
    vectors: new Float32Array(ids.length * 2),
    items: new Map(ids.map((id, row) => [row, { id, meta: { mine: true }, fields: {} }])),
  });
  return memory;
}

function itemOf(id: string, meta = {}): StoredItem {
  return { id, meta, fields: {}, thumbnail: null, original: null };
}

test('adds what is not there, and of those with one id the first', async () => {
  const items = [itemOf('there'), itemOf('a', { first: true }), itemOf('a'), itemOf('b')];
  const plan = await planAdd(memoryOf('there'), items, Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  expect(plan.result).toBe(2);
  expect(plan.change).toEqual({
    vectors: Float32Array.of(2, 3, 6, 7),
    items: new Map([
      [1, { id: 'a', meta: { first: true }, fields: {} }],
      [2, { id: 'b', meta: {}, fields: {} }],
    ]),
  });
  // Nothing is said of the pictures of what is there: they stay.
  expect([...(plan.pictures?.keys() ?? [])]).toEqual(['a', 'b']);
});

test('adds nothing when all is there', async () => {
  const plan = await planAdd(memoryOf('there'), [itemOf('there')], Float32Array.of(0, 1));
  expect(plan).toEqual({ change: null, result: 0 });
});
