import { beforeAll, describe, expect, test, vi } from 'vitest';
import { codeBytes } from '../../core/codes/binary-code';
import { decodeFloat16, encodeFloat16 } from '../../core/codes/float16';
import { dotProduct } from '../../core/dot-product';
import { pickCodeKernel, pickSharedCodeKernel } from '../../core/kernel/pick-code-kernel';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { normalise } from '../../core/normalise';
import { Crc32c } from '../segment/crc32c';
import { MemoryFolder } from '../segment/test-workers/memory-folder';
import { Codebook } from './codebook';
import { packRows, type RowBlock } from './pack-rows';
import { PackedFile } from './packed-file';
import { PackedRows } from './packed-rows';
import { ScanHelpers } from './scan-helpers';

const DIMENSION = 96;
const never = new AbortController().signal;
/** Deep enough for all rows: then the result is exact. */
const ALL = { candidates: 1000, rescored: 1000 };

let crc: Crc32c;

beforeAll(async () => {
  crc = await Crc32c.create();
});

/** Unit rows around a common mean, as embeddings are. */
function unitRows(count: number, seed: number): Float32Array<ArrayBuffer> {
  const next = randomNumbers(seed);
  const rows = new Float32Array(count * DIMENSION);
  for (let row = 0; row < count; row++) {
    const vector = Float32Array.from({ length: DIMENSION }, () => next() + 0.3);
    rows.set(normalise(vector) ?? vector, row * DIMENSION);
  }
  return rows;
}

function meanOf(rows: Float32Array): Float32Array<ArrayBuffer> {
  const mean = new Float32Array(DIMENSION);
  const count = rows.length / DIMENSION;
  rows.forEach((value, index) => {
    mean[index % DIMENSION] = (mean[index % DIMENSION] ?? 0) + value / count;
  });
  return mean;
}

/** In blocks of seven rows, as nothing promises any other number. */
async function* inBlocks(rows: Float32Array): AsyncGenerator<RowBlock> {
  for (let at = 0; at < rows.length; at += 7 * DIMENSION) {
    const vectors = rows.subarray(at, at + 7 * DIMENSION);
    const items = Array.from({ length: vectors.length / DIMENSION }, (_, index) => ({
      id: `i${at / DIMENSION + index}`,
      meta: {},
      fields: {},
    }));
    yield await Promise.resolve({ vectors, items });
  }
}

async function pack(
  folder: MemoryFolder,
  name: string,
  codebook: Codebook,
  rows: Float32Array,
): Promise<void> {
  const blocks = inBlocks(rows);
  await packRows(folder, name, { codebook, rows: rows.length / DIMENSION, blocks }, never);
}

async function openRows(folder: MemoryFolder, ...names: string[]): Promise<PackedRows> {
  const files = await Promise.all(names.map((name) => fileOf(folder, name)));
  return PackedRows.open(files, pickCodeKernel(), crc, never);
}

async function fileOf(folder: MemoryFolder, name: string): Promise<PackedFile> {
  return PackedFile.open(folder, name, await Crc32c.create());
}

/** Two segments of 300 and 100 rows. */
async function twoSegments(asBlobs: boolean): Promise<{ rows: Float32Array; packed: PackedRows }> {
  const rows = unitRows(400, 5);
  const folder = new MemoryFolder(asBlobs);
  const codebook = new Codebook(meanOf(rows), 11);
  await pack(folder, 'a', codebook, rows.subarray(0, 300 * DIMENSION));
  await pack(folder, 'b', codebook, rows.subarray(300 * DIMENSION));
  return { rows, packed: await openRows(folder, 'a', 'b') };
}

/** By the rows as float16 keeps them. */
function bruteForce(
  rows: Float32Array,
  query: Float32Array,
  accept: (row: number) => boolean = () => true,
): { row: number; score: number }[] {
  const kept = new Float32Array(rows.length);
  decodeFloat16(encodeFloat16(rows), kept);
  return Array.from({ length: rows.length / DIMENSION }, (_, row) => ({
    row,
    score: dotProduct(kept, row * DIMENSION, query, 0, DIMENSION),
  }))
    .filter(({ row }) => accept(row))
    .sort((left, right) => right.score - left.score || left.row - right.row);
}

describe.each([
  ['read at once', false],
  ['read as Blobs', true],
])('%s', (_, asBlobs) => {
  test('a search that looks at all rows is exact, over several segments', async () => {
    const { rows, packed } = await twoSegments(asBlobs);
    expect(packed.count).toBe(400);
    const query = unitRows(1, 99);
    const hits = await packed.search(query, { limit: 20, depth: ALL, filter: null });
    expect(hits).toEqual(bruteForce(rows, query).slice(0, 20));
  });

  test('rows that a filter rejects are not found', async () => {
    const { rows, packed } = await twoSegments(asBlobs);
    const query = unitRows(1, 98);
    const filter = new Uint8Array(50).fill(0b0100_0100);
    const hits = await packed.search(query, { limit: 20, depth: ALL, filter });
    expect(hits).toEqual(bruteForce(rows, query, (row) => row % 4 === 2).slice(0, 20));
    const none = new Uint8Array(50);
    expect(await packed.search(query, { limit: 20, depth: ALL, filter: none })).toEqual([]);
  });

  test('gives vectors back as float16 keeps them', async () => {
    const { rows, packed } = await twoSegments(asBlobs);
    const wanted = [0, 1, 299, 300, 399];
    const found = await packed.vectors(Uint32Array.from(wanted));
    const kept = new Float32Array(rows.length);
    decodeFloat16(encodeFloat16(rows), kept);
    expect([...found]).toEqual(
      wanted.flatMap((row) => [...kept.subarray(row * DIMENSION, (row + 1) * DIMENSION)]),
    );
  });
});

test('few candidates are the right ones nearly always', async () => {
  const { rows, packed } = await twoSegments(false);
  const depth = { candidates: 120, rescored: 40 };
  let found = 0;
  for (let seed = 200; seed < 250; seed++) {
    const query = unitRows(1, seed);
    const hits = await packed.search(query, { limit: 10, depth, filter: null });
    const best = new Set(
      bruteForce(rows, query)
        .slice(0, 10)
        .map(({ row }) => row),
    );
    found += hits.filter(({ row }) => best.has(row)).length;
  }
  expect(found / 500).toBeGreaterThan(0.98);
});

test('a codebook comes back as it was', () => {
  const codebook = new Codebook(meanOf(unitRows(9, 1)), 0xfe_dc_ba_98);
  const decoded = Codebook.decode(codebook.encode(), DIMENSION);
  expect([decoded.seed, [...decoded.mean]]).toEqual([codebook.seed, [...codebook.mean]]);
  expect(() => Codebook.decode(codebook.encode(), DIMENSION + 1)).toThrow('codebook');
});

test('a segment of another codebook is refused', async () => {
  const rows = unitRows(40, 5);
  const folder = new MemoryFolder();
  await pack(folder, 'a', new Codebook(meanOf(rows), 1), rows);
  await pack(folder, 'b', new Codebook(meanOf(rows), 2), rows);
  const packed = await openRows(folder, 'a');
  await expect(packed.append(await fileOf(folder, 'b'), crc, never)).rejects.toMatchObject({
    code: 'storage',
  });
  expect(packed.count).toBe(40);
});

describe('packing that fails leaves no file', () => {
  const rows = unitRows(40, 5);
  const codebook = new Codebook(meanOf(rows), 1);

  test('when it is aborted', async () => {
    const folder = new MemoryFolder();
    const controller = new AbortController();
    const blocks = (async function* () {
      for await (const block of inBlocks(rows)) {
        yield block;
        controller.abort(new Error('enough'));
      }
    })();
    const packing = packRows(folder, 'a', { codebook, rows: 40, blocks }, controller.signal);
    await expect(packing).rejects.toThrow('enough');
    expect(await folder.names()).toEqual([]);
  });

  test('when rows are missing', async () => {
    const folder = new MemoryFolder();
    const packing = packRows(folder, 'a', { codebook, rows: 41, blocks: inBlocks(rows) }, never);
    await expect(packing).rejects.toThrow('bytes');
    expect(await folder.names()).toEqual([]);
  });

  test('when a vector is none', async () => {
    const folder = new MemoryFolder();
    const broken = rows.slice();
    broken[500] = NaN;
    const packing = packRows(folder, 'a', { codebook, rows: 40, blocks: inBlocks(broken) }, never);
    await expect(packing).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await folder.names()).toEqual([]);
  });
});

test('helpers are started once enough rows are open, not by a search, and end with the rows', async () => {
  const rows = unitRows(40, 6);
  const folder = new MemoryFolder(false);
  const codebook = new Codebook(meanOf(rows), 1);
  for (const name of ['a', 'b']) await pack(folder, name, codebook, rows);
  const worker = { postMessage: vi.fn(), terminate: vi.fn() };
  const spawn = vi.fn(() => worker as unknown as Worker);
  const on = ScanHelpers.on.bind(ScanHelpers);
  const options = { count: 1, leastBytes: codeBytes(DIMENSION) * 80, spawn };
  const spy = vi.spyOn(ScanHelpers, 'on').mockImplementation((kernel) => on(kernel, options));
  const files = [await fileOf(folder, 'a')];
  const packed = await PackedRows.open(files, pickSharedCodeKernel(), crc, never);
  spy.mockRestore();
  const search = { limit: 3, depth: ALL, filter: null };
  await packed.search(unitRows(1, 7), search);
  expect(spawn).not.toHaveBeenCalled();
  await packed.append(await fileOf(folder, 'b'), crc, never);
  expect(spawn).toHaveBeenCalledOnce();
  await packed.search(unitRows(1, 7), search);
  expect([spawn.mock.calls.length, worker.terminate.mock.calls.length]).toEqual([1, 0]);
  packed.close();
  expect(worker.terminate).toHaveBeenCalledOnce();
});
