/** Packed files of items, in memory. */
import { pickCodeKernel } from '../../../core/kernel/pick-code-kernel';
import { randomNumbers } from '../../../core/kernel/test-workers/random-numbers';
import type { ItemRecord, Meta } from '../../../protocol/store-contract';
import { Crc32c } from '../../segment/crc32c';
import type { SegmentFolder } from '../../segment/segment-file';
import { Codebook } from '../codebook';
import { packRows, type RowBlock } from '../pack-rows';
import { PackedFile } from '../packed-file';
import { PackedRows } from '../packed-rows';

export const DIMENSION = 24;
export const never = new AbortController().signal;
export const codebook = new Codebook(new Float32Array(DIMENSION).fill(0.1), 7);

export type Items = readonly (ItemRecord | null)[];

/** Of that number: the same each time. */
export function vectorOf(row: number): Float32Array<ArrayBuffer> {
  const next = randomNumbers(row + 1);
  return Float32Array.from({ length: DIMENSION }, next);
}

/** Items with this meta; null for a dead row. @param first number in their ids */
export function itemsOf(metas: readonly (Meta | null)[], first = 0): Items {
  return metas.map((meta, row) =>
    meta === null ? null : { id: `i${first + row}`, meta, fields: { caption: `№ ${row}` } },
  );
}

/** A file of these rows, each with the vector of its number. @default numbers from 0 on */
export async function packItems(
  folder: SegmentFolder,
  name: string,
  items: Items,
  numbers: readonly number[] = [...items.keys()],
): Promise<void> {
  const blocks = inBlocks(items, numbers);
  await packRows(folder, name, { codebook, rows: items.length, blocks }, never);
}

/** In blocks that fit no slice. */
async function* inBlocks(items: Items, numbers: readonly number[]): AsyncGenerator<RowBlock> {
  const SIZE = 101;
  for (let at = 0; at < items.length; at += SIZE) {
    const vectors = numbers.slice(at, at + SIZE).flatMap((row) => [...vectorOf(row)]);
    const block = { vectors: Float32Array.from(vectors), items: items.slice(at, at + SIZE) };
    yield await Promise.resolve(block);
  }
}

export async function openFile(folder: SegmentFolder, name: string): Promise<PackedFile> {
  return PackedFile.open(folder, name, await Crc32c.create());
}

export async function openRows(
  folder: SegmentFolder,
  names: readonly string[],
): Promise<PackedRows> {
  const files = await Promise.all(names.map((name) => openFile(folder, name)));
  return PackedRows.open(files, pickCodeKernel(), await Crc32c.create(), never);
}

/** 0 … `end − 1`, or those of them. */
export function rowsUpTo(end: number, isWanted: (row: number) => boolean = () => true) {
  return Uint32Array.from({ length: end }, (_, row) => row).filter(isWanted);
}
