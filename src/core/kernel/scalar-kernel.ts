/** Scores in plain JavaScript, for engines without WASM SIMD. */
import { PhotoglotError } from '../../errors';
import { BLOCK_ROWS, type RowMemory, type ScoreKernel } from './score-kernel';

export const scalarKernel: ScoreKernel = {
  name: 'scalar',
  allocate: (dimension) => new ScalarMemory(dimension),
};

class ScalarMemory implements RowMemory {
  readonly #dimension: number;
  readonly #scores = new Float32Array(BLOCK_ROWS);
  #rows = new Float32Array(0);

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  reserve(rows: number): Float32Array<ArrayBuffer> {
    const needed = rows * this.#dimension;
    if (needed > this.#rows.length) {
      // Growth by a factor: appending n rows one by one copies O(n), not O(n²).
      const grown = allocate(Math.max(needed, Math.ceil(this.#rows.length * 1.5)));
      grown.set(this.#rows);
      this.#rows = grown;
    }
    return this.#rows;
  }

  score(query: Float32Array, first: number, count: number): Float32Array {
    for (let index = 0; index < count; index++) {
      this.#scores[index] = dot(query, this.#rows, (first + index) * this.#dimension);
    }
    return this.#scores.subarray(0, count);
  }
}

/** Four sums let the processor work on four products at once. No index is ever out of bounds. */
function dot(query: Float32Array, rows: Float32Array, start: number): number {
  const { length } = query;
  const whole = length - (length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  let index = 0;
  for (; index < whole; index += 4) {
    const row = start + index;
    a += (query[index] ?? 0) * (rows[row] ?? 0);
    b += (query[index + 1] ?? 0) * (rows[row + 1] ?? 0);
    c += (query[index + 2] ?? 0) * (rows[row + 2] ?? 0);
    d += (query[index + 3] ?? 0) * (rows[row + 3] ?? 0);
  }
  for (; index < length; index++) a += (query[index] ?? 0) * (rows[start + index] ?? 0);
  return a + b + (c + d);
}

function allocate(length: number): Float32Array<ArrayBuffer> {
  try {
    return new Float32Array(length);
  } catch (thrown) {
    throw new PhotoglotError('too-large', 'There is no memory for more vectors.', {
      cause: thrown,
    });
  }
}
