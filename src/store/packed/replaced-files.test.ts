import { expect, test } from 'vitest';
import { Crc32c } from '../segment/crc32c';
import type { ReadableFile } from '../segment/segment-file';
import { MemoryFolder } from '../segment/test-workers/memory-folder';
import { mergePacked } from './merge-packed';
import {
  itemsOf,
  never,
  openFile,
  openRows,
  packItems,
  vectorOf,
} from './test-workers/packed-fixture';

const ALL = Uint32Array.from({ length: 60 }, (_, row) => row);

/** Tells which of its files are closed. */
class WatchedFolder extends MemoryFolder {
  readonly closed = new Set<string>();
  /** What reading of the file `40` waits for. */
  gate: Promise<void> = Promise.resolve();

  override async open(name: string): Promise<ReadableFile> {
    const file = await super.open(name);
    return {
      size: file.size,
      read: async (at, into) => {
        if (name === '40') await this.gate;
        await file.read(at, into);
      },
      close: () => {
        this.closed.add(name);
      },
    };
  }
}

async function threeFiles(): Promise<WatchedFolder> {
  const folder = new WatchedFolder(true);
  for (const first of [0, 20, 40]) {
    const rows = Array.from({ length: 20 }, (_, row) => first + row);
    const items = itemsOf(
      rows.map((row) => ({ row })),
      first,
    );
    await packItems(folder, String(first), items, rows);
  }
  return folder;
}

test('rows lie in other files, and nobody notices', async () => {
  const folder = await threeFiles();
  const packed = await openRows(folder, ['0', '20', '40']);
  const [items, vectors] = [await packed.items(ALL), await packed.vectors(ALL)];
  await mergePacked(folder, 'merged', packed, ALL.subarray(20), never);
  let letRead: () => void = () => undefined;
  folder.gate = new Promise((resolve) => {
    letRead = resolve;
  });
  const reading = packed.items(ALL);
  await packed.replace([1, 3], [await openFile(folder, 'merged')], await Crc32c.create(), never);
  // Somebody reads them still.
  expect([...folder.closed]).toEqual([]);
  letRead();
  expect(await reading).toEqual(items);
  expect([...folder.closed].sort()).toEqual(['20', '40']);
  expect(packed.files.map(({ name }) => name)).toEqual(['0', 'merged']);
  expect(await packed.items(ALL)).toEqual(items);
  expect(await packed.vectors(ALL)).toEqual(vectors);
  expect([...(await packed.find(['i3', 'i45']))]).toEqual([
    ['i3', [3]],
    ['i45', [45]],
  ]);
  const depth = { candidates: 60, rescored: 60 };
  const [best] = await packed.search(vectorOf(45), { limit: 1, depth, filter: null });
  expect(best?.row).toBe(45);
});

test('who holds rows reads them where they lay', async () => {
  const folder = await threeFiles();
  const packed = await openRows(folder, ['0', '20', '40']);
  const [items, vectors] = [await packed.items(ALL), await packed.vectors(ALL)];
  const held = packed.hold();
  await mergePacked(folder, 'merged', packed, ALL.subarray(20), never, (row) => row === 30);
  await packed.replace([1, 3], [await openFile(folder, 'merged')], await Crc32c.create(), never);
  expect((await packed.items(ALL))[30]).toBe(null);
  expect(await held.rows.items(ALL)).toEqual(items);
  expect(await held.rows.vectors(ALL)).toEqual(vectors);
  const other = packed.hold();
  held.release();
  held.release();
  expect([...folder.closed]).toEqual([]);
  other.release();
  expect([...folder.closed].sort()).toEqual(['20', '40']);
});

test('a merge reads on when another one took the place of its files', async () => {
  const folder = await threeFiles();
  const packed = await openRows(folder, ['0', '20', '40']);
  await mergePacked(folder, 'first', packed, ALL.subarray(20), never);
  let letRead: () => void = () => undefined;
  folder.gate = new Promise((resolve) => {
    letRead = resolve;
  });
  const merging = mergePacked(folder, 'second', packed, ALL.subarray(20), never);
  await packed.replace([1, 3], [await openFile(folder, 'first')], await Crc32c.create(), never);
  expect([...folder.closed]).toEqual([]);
  letRead();
  await merging;
  expect([...folder.closed].sort()).toEqual(['20', '40']);
  const [first, second] = ['first', 'second'].map((name) => folder.files.get(name)?.bytes);
  expect(second).toEqual(first);
});

test('a file of other rows takes the place of none', async () => {
  const folder = await threeFiles();
  const packed = await openRows(folder, ['0', '20']);
  await mergePacked(folder, 'less', packed, ALL.subarray(20, 39), never);
  const file = await openFile(folder, 'less');
  const crc = await Crc32c.create();
  await expect(packed.replace([1, 2], [file], crc, never)).rejects.toMatchObject({
    code: 'storage',
  });
  expect(packed.files.map(({ name }) => name)).toEqual(['0', '20']);
  expect(await packed.items(ALL.subarray(0, 40))).toHaveLength(40);
});
