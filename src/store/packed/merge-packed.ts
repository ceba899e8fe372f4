/** Makes one packed file of rows of others, as it is done when some of theirs are dead. */
import { Turns } from '../../core/turns';
import type { SegmentFolder } from '../segment/segment-file';
import type { PackedFile } from './packed-file';
import type { PackedRows } from './packed-rows';
import { SLICE_ROWS, writePacked, type RowSlice } from './packed-writer';

/**
 * Writes a file of these ascending rows, copying what they are; the disk has it when this resolves. Gives
 * messages their turn meanwhile. Nothing of it stays when it rejects: as `packRows` does, and with
 * `storage` where an item is damaged. A vector that is damaged stays so, and is found to be.
 */
export async function mergePacked(
  folder: SegmentFolder,
  name: string,
  packed: PackedRows,
  rows: Uint32Array,
  signal: AbortSignal,
): Promise<void> {
  const file = { codebook: packed.codebook, rows: rows.length };
  await writePacked(folder, name, file, signal, async (writer) => {
    const turns = new Turns();
    for (const { file: source, rows: own } of packed.inFiles(rows)) {
      for (let first = 0; first < own.length; first += SLICE_ROWS) {
        await writer.append(await readSlice(source, own.subarray(first, first + SLICE_ROWS)));
        await turns.next(signal);
      }
    }
  });
}

async function readSlice(file: PackedFile, rows: Uint32Array): Promise<RowSlice> {
  const { reader } = file;
  const float16 = new Uint16Array(rows.length * file.dimension);
  const [entries, bits, offsets, factors] = await Promise.all([
    file.entries(rows),
    reader.rows(file.section('bits'), rows),
    reader.rows(file.section('offsets'), rows),
    reader.rows(file.section('factors'), rows),
    file.halves(rows, float16),
  ]);
  return {
    bits,
    offsets: new Float32Array(offsets.buffer),
    factors: new Float32Array(factors.buffer),
    float16,
    items: await file.storedItems(rows, entries),
    vectorChecksums: entries.map(({ vectorChecksum }) => vectorChecksum),
  };
}
