/** The vectors of a collection as NumPy's NPY: float32, `(count, dimension)`, in C order. */
import type { RowSource } from './row-source';

/** The data has to begin at a multiple of it. */
const ALIGNMENT = 64;

export async function* writeNpy(source: RowSource): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const { count, dimension } = source;
  yield header(count, dimension);
  for await (const { vectors } of source.blocks()) {
    // Typed arrays are little-endian in every engine that runs WebAssembly.
    yield new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength);
  }
}

/** Version 1.0: magic, version, uint16 length of the text that follows. */
function header(count: number, dimension: number): Uint8Array<ArrayBuffer> {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${count}, ${dimension}), }`;
  const padded = Math.ceil((10 + text.length + 1) / ALIGNMENT) * ALIGNMENT - 10;
  const bytes = new TextEncoder().encode(`\x00NUMPY\x01\x00\x00\x00${text.padEnd(padded - 1)}\n`);
  bytes[0] = 0x93;
  new DataView(bytes.buffer).setUint16(8, padded, true);
  return bytes;
}
