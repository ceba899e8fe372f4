/** Unit vectors: a dot product of two of them is their cosine. */

/** Length of `vector`, in float64. */
export function lengthOf(vector: Float32Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

/** A copy of length 1; null when that is impossible: all zero, or not all finite. */
export function normalise(vector: Float32Array): Float32Array<ArrayBuffer> | null {
  const length = lengthOf(vector);
  if (!(length > 0) || length === Infinity) return null;
  return Float32Array.from(vector, (value) => value / length);
}
