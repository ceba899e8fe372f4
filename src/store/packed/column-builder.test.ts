import { expect, test } from 'vitest';
import { Crc32c } from '../segment/crc32c';
import { ColumnBuilder } from './column-builder';
import { decodeDirectory, type ColumnDirectory } from './column-directory';
import { MAX_ROWS } from './id-index';
import { never } from './test-workers/packed-fixture';

async function directoryOf(columns: ColumnBuilder): Promise<ColumnDirectory> {
  let directory = new Uint8Array();
  await columns.write(await Crc32c.create(), never, (name, bytes) => {
    if (name === 'directory') directory = bytes;
  });
  return decodeDirectory(directory);
}

test('fields have columns as long as these fit into memory', async () => {
  const columns = new ColumnBuilder(MAX_ROWS);
  const fields = Array.from({ length: 200 }, (_, index) => [`f${index}`, index] as const);
  columns.add(7, Object.fromEntries(fields));
  const directory = await directoryOf(columns);
  const [first, last] = [directory.columns.get('f0'), directory.columns.get('f199')];
  expect([first?.present, last]).toEqual([1, null]);
  const kept = [...directory.columns.values()].filter((place) => place !== null).length;
  // A byte a row each, of 128 MiB.
  expect(kept).toBe(127);
});

test('a field that is too large gives its room to others', async () => {
  const columns = new ColumnBuilder(9);
  for (let row = 0; row < 9; row++) columns.add(row, { text: `${row}`.repeat(2 ** 20), row });
  const directory = await directoryOf(columns);
  expect([directory.columns.get('text'), directory.columns.get('row')?.present]).toEqual([null, 9]);
});
