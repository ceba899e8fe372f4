/** Rows as the files that `importVectors` reads, written while they are read. */
import { percentOf, rowBlocks, type RowSet } from './search-rows';

/** Of the text of items: a piece of about 200 kB. */
const ITEMS_PER_PIECE = 4096;

export function vectorsFile(set: RowSet): ReadableStream<Uint8Array> {
  return streamOf(npyPieces(set));
}

/** JSON Lines, a line per row; the id is the row's number. */
export function itemsFile(rows: number): ReadableStream<Uint8Array> {
  return streamOf(itemPieces(rows));
}

function* npyPieces(set: RowSet): Generator<Uint8Array, void> {
  yield npyHeader(set);
  for (const block of rowBlocks(set)) yield new Uint8Array(block.buffer);
}

/** Version 1 of the format: what comes before the numbers has a multiple of 64 bytes. */
function npyHeader({ rows, dimension }: RowSet): Uint8Array {
  const shape = `(${String(rows)}, ${String(dimension)})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const start = 10;
  const length = Math.ceil((start + text.length + 1) / 64) * 64 - start;
  const bytes = new TextEncoder().encode(`\x7fNUMPY\x01\0\0\0${text.padEnd(length - 1)}\n`);
  bytes[0] = 0x93;
  new DataView(bytes.buffer).setUint16(8, length, true);
  return bytes;
}

function* itemPieces(rows: number): Generator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for (let first = 0; first < rows; first += ITEMS_PER_PIECE) {
    const lines = Array.from({ length: Math.min(ITEMS_PER_PIECE, rows - first) }, (_, index) => {
      const row = first + index;
      return `${JSON.stringify({ id: String(row), meta: { percent: percentOf(row) } })}\n`;
    });
    yield encoder.encode(lines.join(''));
  }
}

/** Makes a piece when one is wanted. */
function streamOf(pieces: Generator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const next = pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}
