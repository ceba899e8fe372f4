/** How near outputs are to their references. */
import { cosine } from '../../models/golden-vectors';

/** The largest deviation, in units of the reference's root mean square. */
export function deviation(got: Float32Array, expected: Float32Array): number {
  if (got.length !== expected.length) return Infinity;
  let [largest, squares] = [0, 0];
  expected.forEach((value, index) => {
    const difference = Math.abs((got[index] ?? NaN) - value);
    // NaN must not be lost in a maximum.
    largest = difference <= largest ? largest : difference;
    squares += value * value;
  });
  // Nothing, or nothing but zeros, is met exactly or not at all.
  return largest === 0 ? 0 : largest / Math.sqrt(squares / expected.length);
}

/** The lowest cosine of an output to its reference, both without the references' mean. */
export function leastCentredCosine(
  got: readonly Float32Array[],
  expected: readonly Float32Array[],
): number {
  const mean = meanOf(expected);
  const centred = (vector: Float32Array): Float32Array =>
    vector.map((value, index) => value - (mean[index] ?? 0));
  return Math.min(
    ...expected.map((vector, index) =>
      cosine(centred(got[index] ?? new Float32Array()), centred(vector)),
    ),
  );
}

/** Indices of outputs that are nearer to another one's reference than to their own. */
export function astray(got: readonly Float32Array[], expected: readonly Float32Array[]): number[] {
  return got.flatMap((vector, index) => {
    const similarities = expected.map((other) => cosine(vector, other));
    const nearest = similarities.indexOf(Math.max(...similarities));
    return nearest === index ? [] : [index];
  });
}

/** Mean cosine of two different vectors. Near 1, any output would look right. */
export function meanPairwiseCosine(vectors: readonly Float32Array[]): number {
  let [sum, pairs] = [0, 0];
  vectors.forEach((vector, index) => {
    for (const other of vectors.slice(index + 1)) {
      sum += cosine(vector, other);
      pairs++;
    }
  });
  return sum / pairs;
}

/** The rows of a block. */
export function rowsIn(data: Float32Array, dim: number): Float32Array[] {
  return Array.from({ length: data.length / dim }, (_, row) =>
    data.slice(row * dim, (row + 1) * dim),
  );
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    vector.forEach((value, index) => (sum[index] = (sum[index] ?? 0) + value / vectors.length));
  }
  return sum;
}
