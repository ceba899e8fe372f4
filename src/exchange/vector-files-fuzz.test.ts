import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import type { StoredItem } from '../protocol/store-contract';
import { addRows } from './add-rows';
import { readJsonl } from './read-jsonl';
import { readNpy } from './read-npy';
import { readParquet } from './read-parquet';
import { faultyCopies } from './test-workers/mutations';
import { DIMENSION, inPieces, joined, manyItems, sourceOf } from './test-workers/sample-rows';
import type { ParsedRow } from './vector-row';
import { writeItemLines, writeRowLines } from './write-jsonl';
import { writeNpy } from './write-npy';
import { writeParquet } from './write-parquet';

/** Items whose ids are text, as Parquet needs them. */
const source = sourceOf(manyItems(4).map((item, index) => ({ ...item, id: `${index}` })));

/** Adds the rows; the code of the error, or `added`. What is added are items with a unit vector each. */
async function outcomeOf(open: () => Promise<AsyncIterable<ParsedRow>>): Promise<string> {
  const table = {
    add: (items: readonly StoredItem[], vectors: Float32Array) => {
      expect(vectors).toHaveLength(items.length * DIMENSION);
      for (let start = 0; start < vectors.length; start += DIMENSION) {
        const row = vectors.subarray(start, start + DIMENSION);
        expect(Math.hypot(...row)).toBeCloseTo(1, 3);
      }
      return Promise.resolve(items.length);
    },
  };
  const signal = new AbortController().signal;
  try {
    await addRows({ rows: await open(), total: null, table, progress: () => undefined, signal });
    return 'added';
  } catch (thrown) {
    return isPhotoglotError(thrown) ? thrown.code : String(thrown);
  }
}

const CODES = new Set(['added', 'import-invalid', 'dimension-mismatch', 'too-large']);

describe('faulty files of other programs do no harm', () => {
  test('2,000 JSON Lines', async () => {
    const file = await joined(writeRowLines(source));
    for (const copy of faultyCopies(file, 2000, 2)) {
      const rows = readJsonl(inPieces(copy, 97), DIMENSION);
      // What is wrong with a line is the line's.
      expect(await outcomeOf(() => Promise.resolve(rows))).toBe('added');
    }
  });

  test('2,000 NPY, and as many lines beside them', async () => {
    const file = await joined(writeNpy(source));
    const lines = await joined(writeItemLines(source));
    const others = [...faultyCopies(lines, 2000, 3)];
    let index = 0;
    for (const copy of faultyCopies(file, 2000, 4)) {
      const items = index % 2 === 0 ? lines : (others[index] ?? lines);
      const vectors = index % 4 === 3 ? file : copy;
      const files = { vectors: inPieces(vectors, 97), items: inPieces(items, 89) };
      const outcome = await outcomeOf(async () => (await readNpy(files, DIMENSION)).rows);
      expect(CODES, outcome).toContain(outcome);
      index++;
    }
  });

  test('1,000 Parquet', async () => {
    const file = await joined(writeParquet(source));
    for (const copy of faultyCopies(file, 1000, 5)) {
      const open = async () => (await readParquet(new Blob([copy]), DIMENSION)).rows;
      const outcome = await outcomeOf(open);
      expect(CODES, outcome).toContain(outcome);
    }
  });
});
