import { expect, test } from 'vitest';
import { scalarKernel } from '../core/kernel/scalar-kernel';
import type { ItemRecord, Meta } from '../protocol/store-contract';
import type { Where } from '../protocol/where';
import { CollectionMemory } from './collection-memory';
import type { CollectionRecord } from './schema';
import { parseWhere } from './where/parse-where';

const QUERY = Float32Array.of(1, 0);

/** The higher the row, the better it fits. */
function memoryOf(metas: readonly Meta[]): CollectionMemory {
  const record = recordOf(metas.length);
  const memory = CollectionMemory.empty(scalarKernel, record);
  const vectors = new Float32Array(metas.flatMap((_, row) => [row / metas.length, 0]));
  memory.apply({
    record,
    vectors,
    items: new Map(metas.map((meta, row) => [row, itemOf(row, meta)])),
  });
  return memory;
}

function recordOf(count: number): CollectionRecord {
  return {
    name: 'c',
    dimension: 2,
    model: 'm@1',
    count,
    rows: count,
    segmentRows: 512,
    revision: 1,
    generation: 'g',
  };
}

function itemOf(row: number, meta: Meta): ItemRecord {
  return { id: `i${row}`, meta, fields: {} };
}

function change(memory: CollectionMemory, row: number, item: ItemRecord | null): void {
  const vectors = new Float32Array(0);
  memory.apply({ record: recordOf(memory.count), vectors, items: new Map([[row, item]]) });
}

async function idsOf(
  memory: CollectionMemory,
  limit: number,
  where: Where | null,
): Promise<string[]> {
  const hits = await memory.search(QUERY, limit, parseWhere(where));
  return hits.map(({ item }) => item.id);
}

test('gives as many as there are, up to the limit, however few match', async () => {
  const memory = memoryOf(
    Array.from({ length: 9000 }, (_, row) => ({ row, rare: row % 1000 === 7 })),
  );
  expect(await idsOf(memory, 3, { rare: true })).toEqual(['i8007', 'i7007', 'i6007']);
  expect(await idsOf(memory, 100, { rare: true })).toHaveLength(9);
  expect(await idsOf(memory, 2, { row: { lt: 5000 } })).toEqual(['i4999', 'i4998']);
  expect(await idsOf(memory, 2, { row: -1 })).toEqual([]);
});

test('a filter sees every change, also when it was used before', async () => {
  let memory = memoryOf([{ x: 1 }, { x: 2 }, { x: 1 }, { x: 1 }]);
  const where = { x: 1 };
  expect(await idsOf(memory, 9, where)).toEqual(['i3', 'i2', 'i0']);
  change(memory, 3, itemOf(3, { x: 2 }));
  expect(await idsOf(memory, 9, where)).toEqual(['i2', 'i0']);
  change(memory, 2, null);
  expect(await idsOf(memory, 9, where)).toEqual(['i0']);
  expect(await idsOf(memory, 9, null)).toEqual(['i3', 'i1', 'i0']);
  memory = memory.compacted(recordOf(3));
  expect(await idsOf(memory, 9, where)).toEqual(['i0']);
  expect(await idsOf(memory, 9, { x: 2 })).toEqual(['i3', 'i1']);
  expect(await idsOf(memory, 9, null)).toEqual(['i3', 'i1', 'i0']);
});
