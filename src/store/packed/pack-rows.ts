/** Makes a packed file of vectors and items, block by block. */
import { codeBytes } from '../../core/codes/binary-code';
import { encodeFloat16 } from '../../core/codes/float16';
import { Turns } from '../../core/turns';
import type { ItemRecord } from '../../protocol/store-contract';
import type { SegmentFolder } from '../segment/segment-file';
import type { Codebook } from './codebook';
import { encodeItem } from './item-json';
import { SLICE_ROWS, writePacked, type NewFile, type RowSlice } from './packed-writer';

/** Rows to be packed. */
export interface RowBlock {
  /** [rows, dimension] float32. */
  readonly vectors: Float32Array;
  /** Null for a row that is dead: it keeps its number, nothing finds it, and its vector is not written. */
  readonly items: readonly (ItemRecord | null)[];
}

export interface RowsToPack extends NewFile {
  /** All rows in order, in blocks of any number of them. */
  readonly blocks: AsyncIterable<RowBlock>;
}

/**
 * Writes the file; the disk has it when this resolves. Gives messages their turn meanwhile. Nothing of it
 * stays when it rejects: with `quota-exceeded` or `storage`, with `invalid-input` for a vector that is
 * none, with what `blocks` throws, or with the signal's reason.
 */
export async function packRows(
  folder: SegmentFolder,
  name: string,
  { blocks, ...file }: RowsToPack,
  signal: AbortSignal,
): Promise<void> {
  await writePacked(folder, name, file, signal, async (writer) => {
    const turns = new Turns();
    for await (const block of blocks) {
      for (const slice of slicesOf(block, file.codebook)) {
        await writer.append(slice);
        await turns.next(signal);
      }
    }
  });
}

function* slicesOf({ vectors, items }: RowBlock, codebook: Codebook): Generator<RowSlice> {
  const dimension = codebook.mean.length;
  if (vectors.length !== items.length * dimension) {
    throw new Error(`${items.length} items do not go with ${vectors.length} numbers.`);
  }
  for (let first = 0; first < items.length; first += SLICE_ROWS) {
    const end = Math.min(first + SLICE_ROWS, items.length);
    const own = items.slice(first, end);
    yield {
      ...encode(vectors.subarray(first * dimension, end * dimension), own, codebook),
      items: own.map((item) => ({ item, json: encodeItem(item) })),
    };
  }
}

/** Zeros for dead rows. */
function encode(
  vectors: Float32Array,
  items: readonly (ItemRecord | null)[],
  { coder, mean }: Codebook,
): Omit<RowSlice, 'items'> {
  const dimension = mean.length;
  const count = items.length;
  const codes = {
    bits: new Uint8Array(count * codeBytes(dimension)),
    offsets: new Float32Array(count),
    factors: new Float32Array(count),
  };
  const float16 = encodeFloat16(vectors);
  for (let row = 0; row < count; row++) {
    const [start, end] = [row * dimension, (row + 1) * dimension];
    if (items[row] === null) float16.fill(0, start, end);
    else coder.encodeRow(vectors.subarray(start, end), codes, row);
  }
  return { ...codes, float16 };
}
