/** Writes rows of float32 as NPY, piece by piece. */
import { open, rename } from 'node:fs/promises';

const ALIGNMENT = 64;
const START = 10;

/** Version 1 of the format. @param {number} rows @param {number} dimension */
export function npyHeader(rows, dimension) {
  const shape = `(${String(rows)}, ${String(dimension)})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((START + text.length + 1) / ALIGNMENT) * ALIGNMENT - START;
  const header = Buffer.alloc(START + length, ' ');
  header.set([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  header.writeUInt16LE(length, 8);
  header.write(text, START, 'latin1');
  header.write('\n', header.length - 1);
  return header;
}

/**
 * The file is there when all of it is; throws when it got another number of rows.
 * @param {string} path @param {{ readonly rows: number, readonly dimension: number }} size
 * @param {AsyncIterable<Uint8Array>} pieces little-endian
 */
export async function writeNpy(path, { rows, dimension }, pieces) {
  const unfinished = `${path}.unfinished`;
  const file = await open(unfinished, 'w');
  let bytes = 0;
  try {
    await file.write(npyHeader(rows, dimension));
    for await (const piece of pieces) {
      await file.write(piece);
      bytes += piece.length;
    }
  } finally {
    await file.close();
  }
  const wanted = rows * dimension * Float32Array.BYTES_PER_ELEMENT;
  if (bytes !== wanted) {
    throw new Error(`${path} has ${String(bytes)} bytes of rows, not ${String(wanted)}.`);
  }
  await rename(unfinished, path);
}
