import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { npyHeader, writeNpy } from './npy-writer.mjs';

async function* piecesOf(...pieces: readonly (readonly number[])[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces)
    yield await Promise.resolve(new Uint8Array(Float32Array.from(piece).buffer));
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'photoglot-npy-'));
  await work(folder).finally(() => rm(folder, { recursive: true }));
}

test('the header says what follows, and ends where NumPy wants it', () => {
  const header = npyHeader(1_000_000, 384);
  expect(header.length % 64).toBe(0);
  expect(header.readUInt16LE(8)).toBe(header.length - 10);
  expect(header.subarray(10).toString()).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(1000000, 384\), \} *\n$/,
  );
});

test('pieces follow one behind the other', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'rows.npy');
    await writeNpy(path, { rows: 2, dimension: 2 }, piecesOf([1, 2, 3], [4]));
    const bytes = await readFile(path);
    expect([0, 4, 8, 12].map((at) => bytes.readFloatLE(bytes.length - 16 + at))).toEqual([
      1, 2, 3, 4,
    ]);
  });
});

test('a file of another length is not there', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'rows.npy');
    const writing = writeNpy(path, { rows: 2, dimension: 2 }, piecesOf([1, 2, 3]));
    await expect(writing).rejects.toThrow('12 bytes of rows, not 16');
    expect(await readdir(folder)).toEqual(['rows.npy.unfinished']);
  });
});
