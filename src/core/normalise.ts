/** Unit vectors: a dot product of two of them is their cosine. */

import { dotProduct } from './dot-product';

/** Length of `vector`, in float64. */
export function lengthOf(vector: Float32Array): number {
  return Math.sqrt(dotProduct(vector, 0, vector, 0, vector.length));
}

/** A copy of length 1; null when that is impossible: all zero, or not all finite. */
export function normalise(vector: Float32Array): Float32Array<ArrayBuffer> | null {
  const length = lengthOf(vector);
  if (!(length > 0) || length === Infinity) return null;
  // A loop: `from` with a function takes ten times as long.
  const unit = new Float32Array(vector.length);
  for (let index = 0; index < unit.length; index++) unit[index] = (vector[index] ?? 0) / length;
  return unit;
}
