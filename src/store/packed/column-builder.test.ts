import { expect, test } from 'vitest';
import type { Meta } from '../../protocol/store-contract';
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

/** A field each. */
function metaOf(fields: number): Meta {
  return Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f${index}`, index]));
}

/** How many fields have a column. */
function keptOf({ columns }: ColumnDirectory): number {
  return [...columns.values()].filter((place) => place !== null).length;
}

test('fields have columns as long as these fit into memory', async () => {
  const columns = new ColumnBuilder(MAX_ROWS);
  columns.add(7, metaOf(200));
  const directory = await directoryOf(columns);
  // A byte a row each, of 128 MiB.
  expect([keptOf(directory), directory.columns.size]).toEqual([127, 200]);
  expect([directory.columns.get('f0')?.present, directory.columns.get('f199')]).toEqual([1, null]);
});

test('a field that is too large gives its room to others', async () => {
  const columns = new ColumnBuilder(MAX_ROWS);
  for (let row = 0; row < 9; row++) columns.add(row, { text: `${row}`.repeat(2 ** 20) });
  columns.add(9, metaOf(127));
  const directory = await directoryOf(columns);
  expect([keptOf(directory), directory.columns.get('text')]).toEqual([127, null]);
});
