import { expect, test } from 'vitest';
import { Bitset } from '../core/bitset';
import { pickKernel } from '../core/kernel/pick-kernel';
import { CollectionMemory } from './collection-memory';
import { CollectionSnapshot } from './collection-snapshot';
import { Database } from './database';
import { PackedMemory } from './packed-memory';
import { mergePacked } from './packed/merge-packed';
import {
  DIMENSION,
  itemsOf,
  never,
  openFile,
  openRows,
  packItems,
  rowsUpTo,
} from './packed/test-workers/packed-fixture';
import type { CollectionRecord } from './schema';
import type { StoredForm } from './sealed/stored-form';
import { Crc32c } from './segment/crc32c';
import { MemoryFolder } from './segment/test-workers/memory-folder';
import { Shared } from './shared';

const ROWS = 40;
const record: CollectionRecord = {
  name: 'a',
  dimension: DIMENSION,
  model: 'm',
  count: ROWS,
  rows: ROWS,
  segmentRows: 128,
  revision: 1,
  generation: 'g',
  files: [{ name: '0', rows: ROWS }],
};

test('has what dies while it is read, also when files are written anew without it', async () => {
  const folder = new MemoryFolder();
  await packItems(folder, '0', itemsOf(Array.from({ length: ROWS }, (_, row) => ({ row }))));
  const rows = await openRows(folder, ['0']);
  const packed = new PackedMemory(new Shared(rows, () => undefined), new Bitset(ROWS));
  const memory = CollectionMemory.empty(pickKernel(), record, packed);
  // Not asked for anything: that is for pictures.
  const source = { database: new Database(), form: {} as StoredForm };
  const snapshot = new CollectionSnapshot(memory, source, () => undefined);
  packed.kill([7]);
  await mergePacked(folder, '1', rows, rowsUpTo(ROWS), never, (row) => !memory.isLive(row));
  await rows.replace([0, 1], [await openFile(folder, '1')], await Crc32c.create(), never);
  const ids = Array.from({ length: ROWS }, (_, row) => `i${row}`);
  expect(await snapshot.ids()).toEqual(ids);
  const read: string[] = [];
  for await (const { items } of snapshot.blocks()) read.push(...items.map(({ id }) => id));
  expect(read).toEqual(ids);
  snapshot.release();
  // Who asks for what is there now finds no damage.
  expect((await memory.find(ids)).size).toBe(ROWS - 1);
  expect(await packed.items(Uint32Array.of(6, 7))).toEqual([
    expect.objectContaining({ id: 'i6' }),
    null,
  ]);
});
