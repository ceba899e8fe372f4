import { parquetMetadata } from 'hyparquet';
import { expect, test } from 'vitest';
import { NEVER } from '../core/never';
import { codeOf } from '../store/test-workers/store-harness';
import { readParquet } from './read-parquet';
import { readParquetApart } from './read-parquet-apart';
import { collected, DIMENSION, joined, manyItems, sourceOf } from './test-workers/sample-rows';
import type { ParsedRow } from './vector-row';
import { writeParquet } from './write-parquet';

/** More rows than an answer has. */
const ITEMS = manyItems(600).map((item, index) => ({ ...item, id: String(index) }));

async function parquetOf(items: typeof ITEMS): Promise<Blob> {
  return new Blob([await joined(writeParquet(sourceOf(items)))]);
}

/** Workers of this code, and how many of them were ended. */
function workersOf(code: string): { spawn: () => Worker; ended: () => number } {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  let ended = 0;
  const spawn = (): Worker => {
    const worker = new Worker(url);
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      ended++;
      terminate();
    };
    return worker;
  };
  return { spawn, ended: () => ended };
}

test('gives the rows that the reader gives, those that are wrong included', async () => {
  const file = await parquetOf(ITEMS);
  const apart = await readParquetApart(file, DIMENSION, NEVER);
  const here = await readParquet(file, DIMENSION);
  expect([apart.total, apart.model]).toEqual([here.total, here.model]);
  expect(await collected(apart.rows)).toEqual(await collected(here.rows));
  apart.end();

  const other = await readParquetApart(file, DIMENSION + 1, NEVER);
  const rows = await collected(other.rows);
  other.end();
  expect(rows).toHaveLength(ITEMS.length);
  for (const row of rows) expect(row.ok ? null : row.error.code).toBe('dimension-mismatch');
});

test('rows before what is damaged are given', async () => {
  const wide = 1024;
  const source = sourceOf(ITEMS, new Map(), wide);
  const bytes = (await joined(writeParquet(source))).slice();
  const [first, second] = parquetMetadata(bytes.buffer).row_groups;
  const place = Number(second?.columns[0]?.meta_data?.data_page_offset);
  bytes.fill(255, place, place + 40);
  const found: ParsedRow[] = [];
  const { rows, end } = await readParquetApart(new Blob([bytes]), wide, NEVER);
  const reading = (async () => {
    for await (const row of rows) found.push(row);
  })();
  expect(await codeOf(reading)).toBe('import-invalid');
  end();
  expect(found).toHaveLength(Number(first?.num_rows));
});

test('where no worker can be had, the file is read here', async () => {
  const spawn = (): Worker => {
    throw new DOMException('forbidden', 'SecurityError');
  };
  const apart = await readParquetApart(await parquetOf(ITEMS), DIMENSION, NEVER, { spawn });
  expect(await collected(apart.rows)).toHaveLength(ITEMS.length);
  apart.end();
});

test('a file that is none is refused', async () => {
  const file = new Blob(['PAR1 and nothing else PAR1']);
  expect(await codeOf(readParquetApart(file, DIMENSION, NEVER))).toBe('import-invalid');
});

test('a file that keeps the worker busy is refused, and the worker ended', async () => {
  const { spawn, ended } = workersOf('for (;;);');
  const reading = readParquetApart(new Blob(), DIMENSION, NEVER, { spawn, patienceMs: 50 });
  expect(await codeOf(reading)).toBe('import-invalid');
  expect(ended()).toBe(1);
});

test('an abort ends a worker that is busy', async () => {
  const { spawn, ended } = workersOf('for (;;);');
  const controller = new AbortController();
  const reading = readParquetApart(new Blob(), DIMENSION, controller.signal, { spawn });
  controller.abort();
  expect(await codeOf(reading)).toBe('aborted');
  expect(ended()).toBe(1);
});

test('a worker that fails is an error of the call', async () => {
  const { spawn, ended } = workersOf('throw new Error("broken");');
  const reading = readParquetApart(new Blob(), DIMENSION, NEVER, { spawn });
  expect(await codeOf(reading)).toBe('worker-crashed');
  expect(ended()).toBe(1);
});
