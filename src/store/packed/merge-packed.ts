/** Makes one packed file of rows of others. */
import { Turns } from '../../core/turns';
import type { SegmentFolder } from '../segment/segment-file';
import type { PackedFile, SectionName, StoredItem } from './packed-file';
import type { PackedRows } from './packed-rows';
import { SLICE_ROWS, writePacked, type RowSlice } from './packed-writer';

const DEAD: StoredItem = { json: new Uint8Array(), item: null };

/**
 * Writes a file of these ascending rows, copying what they are; the disk has it when this resolves. Gives
 * messages their turn meanwhile, and reads on where other files take the place of these. Nothing of it
 * stays when it rejects: as `packRows` does, and with `storage` where an item is damaged. A vector that is
 * damaged stays so, and is found to be.
 * @param isDead whether a row is: it keeps its number, and nothing of what it was is written, or read.
 *   @default none
 */
export async function mergePacked(
  folder: SegmentFolder,
  name: string,
  packed: PackedRows,
  rows: Uint32Array,
  signal: AbortSignal,
  isDead: (row: number) => boolean = () => false,
): Promise<void> {
  const file = { codebook: packed.codebook, rows: rows.length };
  const held = packed.hold();
  try {
    await writePacked(folder, name, file, signal, async (writer) => {
      const turns = new Turns();
      for (const { file: source, rows: own, from } of held.rows.inFiles(rows)) {
        for (let first = 0; first < own.length; first += SLICE_ROWS) {
          const slice = own.subarray(first, first + SLICE_ROWS);
          const places = [...slice.keys()].filter(
            (place) => !isDead(rows[from + first + place] ?? 0),
          );
          await writer.append(await readSlice(source, slice, places));
          await turns.next(signal);
        }
      }
    });
  } finally {
    held.release();
  }
}

/** @param places of the rows that live */
async function readSlice(
  file: PackedFile,
  rows: Uint32Array,
  places: readonly number[],
): Promise<RowSlice> {
  const living = Uint32Array.from(places, (place) => rows[place] ?? 0);
  const column = async (name: SectionName): Promise<Uint8Array<ArrayBuffer>> => {
    const section = file.section(name);
    const found = await file.reader.rows(section, living);
    return spread(found, section.stride, places, rows.length);
  };
  const [entries, bits, offsets, factors, float16] = await Promise.all([
    file.entries(living),
    column('bits'),
    column('offsets'),
    column('factors'),
    column('float16'),
  ]);
  const items = new Array<StoredItem>(rows.length).fill(DEAD);
  const vectorChecksums = new Array<number | null>(rows.length).fill(null);
  (await file.storedItems(living, entries)).forEach((item, index) => {
    const place = places[index] ?? 0;
    items[place] = item;
    vectorChecksums[place] = entries[index]?.vectorChecksum ?? null;
  });
  return {
    bits,
    offsets: new Float32Array(offsets.buffer),
    factors: new Float32Array(factors.buffer),
    float16: new Uint16Array(float16.buffer),
    items,
    vectorChecksums,
  };
}

/** Rows of so many bytes at these of `count` places, with zeros in the others. */
function spread(
  found: Uint8Array<ArrayBuffer>,
  stride: number,
  places: readonly number[],
  count: number,
): Uint8Array<ArrayBuffer> {
  if (places.length === count) return found;
  const all = new Uint8Array(count * stride);
  places.forEach((place, index) => {
    all.set(found.subarray(index * stride, (index + 1) * stride), place * stride);
  });
  return all;
}
