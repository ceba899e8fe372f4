import { beforeAll, describe, expect, test } from 'vitest';
import { decodeFloat16, encodeFloat16 } from '../../core/codes/float16';
import { nextTask } from '../../core/next-task';
import type { ItemRecord } from '../../protocol/store-contract';
import { MemoryFolder } from '../segment/test-workers/memory-folder';
import { mergePacked } from './merge-packed';
import type { PackedRows } from './packed-rows';
import {
  DIMENSION,
  itemsOf,
  never,
  openRows,
  packItems,
  rowsUpTo,
  vectorOf,
  type Items,
} from './test-workers/packed-fixture';

const ODD: ItemRecord = {
  id: '\u{1F986}/..\\"\0\ud800 é',
  meta: JSON.parse('{"__proto__":{"a":[1,null,"\\ud800"]},"":-1e-7,"constructor":true}') as never,
  fields: { ocr: 'ترجمة\n' },
  rough: true,
};

/** Every fifth is dead. */
const FIRST: Items = itemsOf(
  Array.from({ length: 300 }, (_, row) => (row % 5 === 4 ? null : { row, even: row % 2 === 0 })),
);
const SECOND: Items = [
  ODD,
  ...itemsOf(
    Array.from({ length: 129 }, (_, row) => ({ row })),
    300,
  ),
];
const SECOND_ROWS = Array.from(SECOND, (_, row) => FIRST.length + row);
const ALL: Items = [...FIRST, ...SECOND];

const EMPTY = new Uint8Array();

/** What float16 keeps of the vectors of these rows; zeros for dead ones. */
function vectorsOf(rows: readonly number[]): number[] {
  const vectors = Float32Array.from(
    rows.flatMap((row) => [...(ALL[row] === null ? new Float32Array(DIMENSION) : vectorOf(row))]),
  );
  decodeFloat16(encodeFloat16(vectors), vectors);
  return [...vectors];
}

describe.each([
  ['read at once', false],
  ['read as Blobs', true],
])('rows of two files, %s', (_, asBlobs) => {
  let folder: MemoryFolder;
  let packed: PackedRows;

  beforeAll(async () => {
    folder = new MemoryFolder(asBlobs);
    await packItems(folder, 'a', FIRST);
    await packItems(folder, 'b', SECOND, SECOND_ROWS);
    packed = await openRows(folder, ['a', 'b']);
  });

  test('give their items back, null for those that were dead', async () => {
    expect(packed.count).toBe(430);
    expect(await packed.items(rowsUpTo(430))).toEqual(ALL);
    const some = Uint32Array.of(0, 4, 5, 298, 300, 429);
    expect(await packed.items(some)).toEqual([...some].map((row) => ALL[row]));
    expect(await packed.items(new Uint32Array())).toEqual([]);
  });

  test('are found by id', async () => {
    const ids = ALL.flatMap((item) => item?.id ?? []);
    const found = await packed.find(ids);
    expect(found.size).toBe(ids.length);
    ALL.forEach((item, row) => {
      if (item !== null) expect(found.get(item.id), item.id).toEqual([row]);
    });
    expect(await packed.find(['i4', 'nobody', ''])).toEqual(new Map());
    expect(await packed.find([])).toEqual(new Map());
    expect(await packed.find(['i7', 'i7'])).toEqual(new Map([['i7', [7]]]));
  });

  test('give their vectors back', async () => {
    const rows = [0, 4, 299, 300, 301, 429];
    expect([...(await packed.vectors(Uint32Array.from(rows)))]).toEqual(vectorsOf(rows));
  });

  test('are sound', async () => {
    const progress: [number, number][] = [];
    const damage = await packed.verify(never, (done, total) => progress.push([done, total]));
    const sound = { sections: [], items: [], vectors: [] };
    expect(damage).toEqual([
      { name: 'a', ...sound },
      { name: 'b', ...sound },
    ]);
    const [last = 0, total = -1] = progress.at(-1) ?? [];
    expect(last).toBe(total);
    expect(progress.map(([done]) => done)).toEqual(
      progress.map(([done]) => done).toSorted((left, right) => left - right),
    );
  });

  test('are what they were when they are merged', async () => {
    const rows = rowsUpTo(430, (row) => row % 5 !== 4 && row % 3 !== 1);
    await mergePacked(folder, 'merged', packed, rows, never);
    const merged = await openRows(folder, ['merged']);
    const items = [...rows].map((row) => ALL[row] ?? null);
    expect(await merged.items(rowsUpTo(rows.length))).toEqual(items);
    expect(await merged.find([ODD.id, 'i1', 'i2'])).toEqual(
      new Map([
        [ODD.id, [rows.indexOf(300)]],
        ['i2', [1]],
      ]),
    );
    // To the last byte as if they had never been anywhere else.
    await packItems(folder, 'packed', items, [...rows]);
    const [bytes, expected] = ['merged', 'packed'].map((name) => folder.files.get(name)?.bytes);
    expect(bytes?.length).toBeGreaterThan(0);
    expect(Buffer.compare(bytes ?? EMPTY, expected ?? EMPTY)).toBe(0);
  });
});

test('an id may be in several rows, of which at most one lives', async () => {
  const folder = new MemoryFolder();
  const [old] = itemsOf([{ version: 1 }]);
  const [other, renewed] = itemsOf([{}, { version: 2 }], -1);
  await packItems(folder, 'a', [old ?? null]);
  await packItems(folder, 'b', [other ?? null, renewed ?? null]);
  const packed = await openRows(folder, ['a', 'b']);
  expect(await packed.find(['i0'])).toEqual(new Map([['i0', [0, 2]]]));
});

test('messages get their turn while rows are packed and merged', async () => {
  const folder = new MemoryFolder();
  const items = itemsOf(Array.from({ length: 20_000 }, (_, row) => ({ row })));
  let turns = 0;
  const work = { isOver: false };
  const counting = (async () => {
    while (!work.isOver) {
      await nextTask();
      turns++;
    }
  })();
  await packItems(folder, 'a', items);
  const whilePacking = turns;
  const packed = await openRows(folder, ['a']);
  turns = 0;
  await mergePacked(folder, 'b', packed, rowsUpTo(20_000), never);
  work.isOver = true;
  await counting;
  expect(whilePacking).toBeGreaterThan(2);
  expect(turns).toBeGreaterThan(2);
});

test('a merge that is aborted leaves no file', async () => {
  const folder = new MemoryFolder();
  await packItems(folder, 'a', itemsOf([{}, {}]));
  const packed = await openRows(folder, ['a']);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(mergePacked(folder, 'b', packed, rowsUpTo(2), signal)).rejects.toThrow('enough');
  expect(await folder.names()).toEqual(['a']);
});

test('items and vectors that do not go together are refused', async () => {
  const packing = packItems(new MemoryFolder(), 'a', itemsOf([{}, {}]), [0]);
  await expect(packing).rejects.toThrow('2 items');
});

test('a file can be empty', async () => {
  const folder = new MemoryFolder();
  await packItems(folder, 'a', []);
  const packed = await openRows(folder, ['a']);
  expect([packed.count, await packed.items(new Uint32Array())]).toEqual([0, []]);
  expect(await packed.find(['a'])).toEqual(new Map());
});
