import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryFolder } from '../segment/test-workers/memory-folder';
import { mergePacked } from './merge-packed';
import {
  DIMENSION,
  itemsOf,
  never,
  openFile,
  openRows,
  packItems,
  rowsUpTo,
  type Items,
} from './test-workers/packed-fixture';

const ROWS = 200;
/** Whole slices of them, too. */
const isDead = (row: number): boolean => row % 3 === 1 || (row >= 100 && row < 180);
const ITEMS: Items = itemsOf(
  Array.from({ length: ROWS }, (_, row) => (row === 12 ? null : { secret: `no ${row}.` })),
);
const LIVING: Items = ITEMS.map((item, row) => (isDead(row) ? null : item));
const NUMBERS = [...ITEMS.keys()];
const EMPTY = new Uint8Array();

let folder: MemoryFolder;

beforeEach(async () => {
  folder = new MemoryFolder();
  await packItems(folder, 'a', ITEMS.slice(0, 90), NUMBERS.slice(0, 90));
  await packItems(folder, 'b', ITEMS.slice(90), NUMBERS.slice(90));
});

function bytesOf(name: string): Uint8Array {
  return folder.files.get(name)?.bytes ?? EMPTY;
}

describe('rows that are dead', () => {
  test('keep their number, and nothing of what they were', async () => {
    const packed = await openRows(folder, ['a', 'b']);
    await mergePacked(folder, 'merged', packed, rowsUpTo(ROWS), never, isDead);
    const merged = await openRows(folder, ['merged']);
    expect(await merged.items(rowsUpTo(ROWS))).toEqual(LIVING);
    expect(await merged.find(['i0', 'i1', 'i120'])).toEqual(new Map([['i0', [0]]]));
    const zeros = new Array<number>(DIMENSION).fill(0);
    expect([...(await merged.vectors(Uint32Array.of(1)))]).toEqual(zeros);
    expect(await merged.verify(never)).toEqual([
      { name: 'merged', sections: [], items: [], vectors: [] },
    ]);
    const text = Buffer.from(bytesOf('merged')).toString('latin1');
    expect(['no 0.', 'no 1.', 'no 120.', 'no 199.'].map((each) => text.includes(each))).toEqual([
      ...[true, false, false, false],
    ]);
    // To the last byte as if they had been dead when they were packed.
    await packItems(folder, 'packed', LIVING, NUMBERS);
    expect(Buffer.compare(bytesOf('merged'), bytesOf('packed'))).toBe(0);
  });

  test('can all be', async () => {
    const packed = await openRows(folder, ['a']);
    await mergePacked(folder, 'merged', packed, rowsUpTo(90), never, () => true);
    const merged = await openRows(folder, ['merged']);
    expect(await merged.items(rowsUpTo(90))).toEqual(new Array(90).fill(null));
  });

  test('may be damaged, where others may not', async () => {
    const { offset } = (await openFile(folder, 'a')).section('items');
    const bytes = bytesOf('a');
    // The first byte of the item of row 0.
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    const packed = await openRows(folder, ['a', 'b']);
    const merging = mergePacked(folder, 'merged', packed, rowsUpTo(ROWS), never, isDead);
    await expect(merging).rejects.toMatchObject({ code: 'storage' });
    expect(folder.files.has('merged')).toBe(false);
    const others = (row: number): boolean => row === 0 || isDead(row);
    await mergePacked(folder, 'merged', packed, rowsUpTo(ROWS), never, others);
    const merged = await openRows(folder, ['merged']);
    expect(await merged.items(rowsUpTo(ROWS))).toEqual(LIVING.with(0, null));
  });
});
