/** Files with a wrong byte, or an end that is missing: nothing of them is taken for what it is not. */
import { beforeAll, describe, expect, test } from 'vitest';
import { pickCodeKernel } from '../../core/kernel/pick-code-kernel';
import type { Bitset } from '../../core/bitset';
import { isPhotoglotError } from '../../errors';
import { Crc32c } from '../segment/crc32c';
import { SECTIONS } from '../segment/segment-format';
import { MemoryFile, MemoryFolder } from '../segment/test-workers/memory-folder';
import { EVERYTHING } from '../where/filter';
import { parseWhere } from '../where/parse-where';
import { selectRows } from '../where/select-rows';
import { PackedFile } from './packed-file';
import { PackedRows } from './packed-rows';
import { itemsOf, never, packItems, rowsUpTo } from './test-workers/packed-fixture';
import { verifyFile } from './verify-file';

const ROWS = 40;
const ITEMS = itemsOf(
  Array.from({ length: ROWS }, (_, row) =>
    row === 17 ? null : { row, day: `2024-01-${row + 10}`, ...(row === 5 && { rare: true }) },
  ),
);
const IDS = ['i0', 'i17', 'i39'];
const FILTERS = [{ day: '2024-01-15' }, { rare: true }, { row: { gte: 30 } }];

let crc: Crc32c;
let whole: Uint8Array<ArrayBuffer>;
let vectors: Float32Array;

beforeAll(async () => {
  crc = await Crc32c.create();
  const folder = new MemoryFolder();
  await packItems(folder, 'a', ITEMS);
  whole = folder.files.get('a')?.bytes.slice() ?? new Uint8Array();
  vectors = await (await open(whole)).vectors(rowsUpTo(ROWS));
});

function open(bytes: Uint8Array<ArrayBuffer>): Promise<PackedFile> {
  const folder = new MemoryFolder();
  folder.files.set('a', new MemoryFile(bytes));
  return PackedFile.open(folder, 'a', crc);
}

function flipped(at: number, bit: number): Uint8Array<ArrayBuffer> {
  const bytes = whole.slice();
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return bytes;
}

/** Null where it is refused as damaged. */
async function orDamaged<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (thrown) {
    if (!isPhotoglotError(thrown) || !thrown.code.startsWith('storage')) throw thrown;
    return null;
  }
}

function rowsOf(rows: Bitset): number[] {
  const found: number[] = [];
  rows.forEach((row) => found.push(row));
  return found;
}

/** Reads everything: each thing is right, or refused. */
async function expectRightOrRefused(packed: PackedRows, place: string): Promise<void> {
  for (const [row, item] of ITEMS.entries()) {
    const found = await orDamaged(() => packed.items(Uint32Array.of(row)));
    if (found !== null) expect(found, place).toEqual([item]);
    const vector = await orDamaged(() => packed.vectors(Uint32Array.of(row)));
    if (vector !== null) expect(vector, place).toEqual(vectors.slice(row * 24, (row + 1) * 24));
  }
  const found = await orDamaged(() => packed.find(IDS));
  if (found !== null)
    expect([...found], place).toEqual([
      ['i0', [0]],
      ['i39', [39]],
    ]);
  const live = selectRows(EVERYTHING, ITEMS);
  for (const where of FILTERS) {
    const filter = parseWhere(where) ?? EVERYTHING;
    const rows = await orDamaged(() => packed.select(filter, live));
    if (rows !== null) expect(rowsOf(rows), place).toEqual(rowsOf(selectRows(filter, ITEMS)));
  }
}

/** Every 53rd byte, each time another bit of it. */
const PLACES = Array.from({ length: 1000 }, (_, index) => 53 * index);

test('with any byte changed, all that is read is right, or refused', async () => {
  const { sections } = (await open(whole)).reader.header;
  let opened = 0;
  for (const [index, at] of PLACES.filter((each) => each < whole.length).entries()) {
    const place = `byte ${at}`;
    const file = await orDamaged(() => open(flipped(at, index % 8)));
    if (file === null) continue;
    const inside = sections.find(({ offset, bytes }) => at >= offset && at < offset + bytes);
    const damage = await verifyFile(file, never);
    const names = Object.entries(SECTIONS).filter(([, kind]) => kind === inside?.kind);
    expect(damage.sections, place).toEqual(names.map(([name]) => name));
    const packed = await orDamaged(() => PackedRows.open([file], pickCodeKernel(), crc, never));
    if (packed === null) continue;
    opened++;
    await expectRightOrRefused(packed, place);
  }
  expect(opened).toBeGreaterThan(50);
});

test('any end that is missing is noticed', async () => {
  for (let length = 0; length < whole.length; length += 61) {
    await expect(open(whole.slice(0, length)), `${length}`).rejects.toMatchObject({
      code: 'storage',
    });
  }
});

describe('says which rows are damaged', () => {
  async function damageAt(section: 'float16' | 'items' | 'entries', at: number) {
    const { offset } = (await open(whole)).section(section);
    return verifyFile(await open(flipped(offset + at, 0)), never);
  }

  test('when a vector is', async () => {
    const expected = { name: 'a', sections: ['float16'], items: [], vectors: [21] };
    expect(await damageAt('float16', 48 * 21 + 5)).toEqual(expected);
  });

  test('when an item is', async () => {
    const damage = await damageAt('items', 3);
    expect(damage).toEqual({ name: 'a', sections: ['items'], items: [0], vectors: [] });
  });

  test('when what says where they lie is', async () => {
    expect(await damageAt('entries', 20 * 9 + 16)).toEqual({
      name: 'a',
      sections: ['entries'],
      items: [],
      vectors: [9],
    });
    // That of a dead row, and the bytes of an item.
    expect(await damageAt('entries', 20 * 17 + 8)).toMatchObject({ items: [17], vectors: [] });
    expect(await damageAt('entries', 20 * 30 + 8)).toMatchObject({ items: [30], vectors: [] });
  });
});

test('what is sound of a damaged file can still be read', async () => {
  const { offset } = (await open(whole)).section('bits');
  const file = await open(flipped(offset, 0));
  await expect(PackedRows.open([file], pickCodeKernel(), crc, never)).rejects.toMatchObject({
    code: 'storage',
  });
  expect(await verifyFile(file, never)).toEqual({
    name: 'a',
    sections: ['bits'],
    items: [],
    vectors: [],
  });
  expect(await file.items(rowsUpTo(ROWS))).toEqual(ITEMS);
  expect(await file.vectors(rowsUpTo(ROWS))).toEqual(vectors);
});
