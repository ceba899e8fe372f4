/** Many rows of few real ones: these themselves, then mixtures of two of them each, brought to length 1. */
import { open } from 'node:fs/promises';
import { npyHeader } from './npy-writer.mjs';

/** Of a piece. */
const ROWS = 4096;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * The numbers of an NPY file that `writeNpy` wrote.
 * @param {string} path @param {{ readonly rows: number, readonly dimension: number }} size
 */
export async function readNpy(path, { rows, dimension }) {
  const numbers = new Float32Array(rows * dimension);
  const file = await open(path);
  try {
    const bytes = new Uint8Array(numbers.buffer);
    const { bytesRead } = await file.read(
      bytes,
      0,
      bytes.length,
      npyHeader(rows, dimension).length,
    );
    if (bytesRead !== bytes.length) throw new Error(`${path} has fewer than ${String(rows)} rows.`);
  } finally {
    await file.close();
  }
  return numbers;
}

/**
 * Little-endian pieces of `rows` rows, the same for the same seed. A mixture has at least half of the first.
 * @param {Float32Array} real unit rows, one behind the other
 * @param {{ readonly rows: number, readonly dimension: number, readonly random: () => number }} options
 *   `random` gives numbers in 0…1
 */
export function* mixedRows(real, { rows, dimension, random }) {
  const known = real.length / dimension;
  const pick = () => Math.floor(random() * known) * dimension;
  for (let first = 0; first < rows; first += ROWS) {
    const piece = new Float32Array(Math.min(ROWS, rows - first) * dimension);
    for (let at = 0; at < piece.length; at += dimension) {
      const row = first + at / dimension;
      const into = piece.subarray(at, at + dimension);
      if (row < known) into.set(real.subarray(row * dimension, (row + 1) * dimension));
      else mix(real, [pick(), pick(), 0.5 + random() / 2], into);
    }
    yield new Uint8Array(piece.buffer, 0, piece.length * FLOAT_BYTES);
  }
}

/**
 * @param {Float32Array} real
 * @param {readonly [number, number, number]} parts where two rows begin, and the share of the first
 * @param {Float32Array} into
 */
function mix(real, [one, other, share], into) {
  let squares = 0;
  for (let index = 0; index < into.length; index++) {
    const value = share * (real[one + index] ?? 0) + (1 - share) * (real[other + index] ?? 0);
    into[index] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  for (let index = 0; index < into.length; index++) into[index] = (into[index] ?? 0) / length;
}
