import { expect, test } from 'vitest';
import { scalarKernel } from '../core/kernel/scalar-kernel';
import { randomNumbers } from '../core/kernel/test-workers/random-numbers';
import { normalise } from '../core/normalise';
import type { ItemRecord } from '../protocol/store-contract';
import { CollectionMemory } from './collection-memory';
import { HitConfidences } from './hit-confidences';
import type { CollectionRecord } from './schema';

const DIMENSION = 128;

function rowsOf(count: number, seed: number): Float32Array<ArrayBuffer>[] {
  const next = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const row = Float32Array.from({ length: DIMENSION }, next);
    return normalise(row) ?? row;
  });
}

function recordOf(rows: number): CollectionRecord {
  return {
    ...{ name: 'c', dimension: DIMENSION, model: 'm@1', generation: 'g', segmentRows: 512 },
    ...{ count: rows, rows, revision: rows },
  };
}

function append(memory: CollectionMemory, rows: readonly Float32Array[]): void {
  const first = memory.rows;
  memory.apply({
    record: recordOf(first + rows.length),
    vectors: Float32Array.from(rows.flatMap((row) => [...row])),
    items: new Map(
      rows.map((_, index): [number, ItemRecord] => {
        return [first + index, { id: `i${first + index}`, meta: {}, fields: {} }];
      }),
    ),
  });
}

function memoryOf(rows: readonly Float32Array[]): CollectionMemory {
  const memory = CollectionMemory.empty(scalarKernel, recordOf(0));
  append(memory, rows);
  return memory;
}

test('by the calibration of a model, which is for its dimension', async () => {
  const rows = rowsOf(30, 1);
  const [query = new Float32Array(), other] = rows;
  const memory = memoryOf(rows);
  const background = normalise(new Float32Array(DIMENSION).fill(1)) ?? new Float32Array();
  const hits = await memory.search(query, 30, null);
  const confidences = new HitConfidences();
  const rated = await confidences.rate(memory, query, hits, { background, scale: 20, bias: -10 });
  expect(rated).toEqual(
    hits.map(({ item, score }, index) => {
      return { ...item, score, confidence: rated[index]?.confidence };
    }),
  );
  expect(rated[0]).toMatchObject({ id: 'i0' });
  expect(rated[0]?.confidence).toBeGreaterThan(0.99);
  expect(rated.at(-1)?.confidence).toBeLessThan(0.1);
  const wrong = { background: Float32Array.of(1, 0), scale: 1, bias: 0 };
  await expect(confidences.rate(memory, other ?? query, hits, wrong)).rejects.toThrow(
    "The collection has dimension 128; the model's background has 2.",
  );
});

test('by the collection as it is now, without what was deleted', async () => {
  const rows = rowsOf(100, 2);
  const [query = new Float32Array()] = rows;
  const confidences = new HitConfidences();
  const best = async (memory: CollectionMemory): Promise<number | undefined> => {
    const hits = await memory.search(query, 1, null);
    return (await confidences.rate(memory, query, hits, null))[0]?.confidence;
  };
  const memory = memoryOf(rows.slice(0, 63));
  expect(await best(memory)).toBe(0.5);
  append(memory, rows.slice(63));
  expect(await best(memory)).toBeGreaterThan(0.9);
  const gone = Array.from({ length: 50 }, (_, index): [number, null] => [50 + index, null]);
  memory.apply({ record: recordOf(100), vectors: new Float32Array(0), items: new Map(gone) });
  expect(await best(memory)).toBe(0.5);
});
