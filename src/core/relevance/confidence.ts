/** How sure it is that an item is what a query asks for. */

/**
 * @param item unit row of the item
 * @param cosine of query and item
 * @returns 0…1; from 0.5 it is rather right than wrong
 */
export type Confidence = (item: Float32Array, cosine: number) => number;

/** Where nothing is known. */
export const UNKNOWN = 0.5;

/** The logistic function. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
