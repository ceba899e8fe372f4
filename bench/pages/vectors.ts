/** A collection of random vectors, and the same vectors in the page's own memory. */
import type { Collection } from 'photoglot';
import { currentLens, emptyCollection } from './current-lens';
import { seededRandom } from './seeded-random';

let rows = new Float32Array();
let filled: Collection | null = null;

export async function addVectors({ count }: { readonly count: number }): Promise<number> {
  const { dimension } = currentLens().info;
  rows = unitVectors(count, dimension, 1);
  const collection = await emptyCollection('bench-vectors');
  const items = Array.from({ length: count }, (_, index) => ({
    id: String(index),
    vector: rows.slice(index * dimension, (index + 1) * dimension),
  }));
  const start = performance.now();
  const { failed } = await collection.add(items);
  if (failed[0] !== undefined) throw new Error(failed[0].message);
  filled = collection;
  return performance.now() - start;
}

export function filledCollection(): Collection {
  if (filled === null) throw new Error('The collection of vectors is not filled.');
  return filled;
}

/** The vectors of that collection; item "i" is row i. */
export function filledRows(): Float32Array {
  return rows;
}

/** Row after row, evenly spread in direction. */
export function unitVectors(
  count: number,
  dimension: number,
  seed: number,
): Float32Array<ArrayBuffer> {
  const random = seededRandom(seed);
  const data = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const vector = data.subarray(row * dimension, (row + 1) * dimension);
    let squares = 0;
    for (let at = 0; at < dimension; at++) {
      // A sum of several even numbers is close to a normal one, which has no preferred direction.
      const value = random() + random() + random() + random() - 2;
      vector[at] = value;
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    for (let at = 0; at < dimension; at++) vector[at] = (vector[at] ?? 0) / length;
  }
  return data;
}
