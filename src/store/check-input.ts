/** Checks of what comes over the thread boundary. All throw `PhotoglotError`. */
import { lengthOf, normalise } from '../core/normalise';
import { PhotoglotError } from '../errors';
import type { CollectionIdentity } from '../protocol/store-contract';

const MAX_DIMENSION = 65_536;
/** Rows come as float32 from models and clients that normalised them. */
export const UNIT_TOLERANCE = 1e-3;

export function checkIdentity({ name, dimension, model }: CollectionIdentity): void {
  if (typeof name !== 'string' || name === '') {
    throw invalid('The name of a collection must be a string that is not empty.');
  }
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > MAX_DIMENSION) {
    throw invalid(`The dimension must be an integer of 1…${MAX_DIMENSION}; got ${dimension}.`);
  }
  if (typeof model !== 'string' || model === '') {
    throw invalid('The model must be a string that is not empty.');
  }
}

/** One unit row per item. */
export function checkRows(
  items: readonly { readonly id: string }[],
  vectors: Float32Array,
  dimension: number,
): void {
  if (vectors.length !== items.length * dimension) {
    throw new PhotoglotError(
      'dimension-mismatch',
      `${items.length} items of dimension ${dimension} need ${items.length * dimension} numbers; ` +
        `got ${vectors.length}.`,
    );
  }
  items.forEach(({ id }, index) => {
    if (typeof id !== 'string' || id === '') {
      throw invalid('The id of an item must be a string that is not empty.');
    }
    const length = lengthOf(vectors.subarray(index * dimension, (index + 1) * dimension));
    if (!(Math.abs(length - 1) < UNIT_TOLERANCE)) {
      throw invalid(`The vector of "${id}" must have length 1; got ${length}.`);
    }
  });
}

/** The unit vector of a query. */
export function checkQuery(
  vector: Float32Array,
  limit: number,
  dimension: number,
): Float32Array<ArrayBuffer> {
  if (!Number.isInteger(limit) || limit < 1) {
    throw invalid(`The limit must be a positive integer; got ${limit}.`);
  }
  if (vector.length !== dimension) {
    throw new PhotoglotError(
      'dimension-mismatch',
      `The collection has dimension ${dimension}; the query has ${vector.length}.`,
    );
  }
  const unit = normalise(vector);
  if (unit === null) throw invalid('The query must be finite and not all zero.');
  return unit;
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
