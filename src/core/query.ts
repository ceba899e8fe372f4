/** Queries as data: whatever form they come in, they are a list of weighted parts of one kind. */
import { PhotoglotError } from '../errors';
import { normalise } from './normalise';

/** A part as callers write it. Several kinds in one part share its weight. */
export interface QueryPartOf<Image> {
  readonly text?: string;
  readonly image?: Image;
  readonly vector?: Float32Array;
  /** @default 1 */
  readonly weight?: number;
}

export type QueryOf<Image> = string | QueryPartOf<Image> | readonly QueryPartOf<Image>[];

/** A part of one kind. A vector has length 1. */
export type QueryLeaf<Image> =
  | { readonly kind: 'text'; readonly text: string; readonly weight: number }
  | { readonly kind: 'image'; readonly image: Image; readonly weight: number }
  | {
      readonly kind: 'vector';
      readonly vector: Float32Array<ArrayBuffer>;
      readonly weight: number;
    };

/** Takes a query apart. Throws `invalid-input` and, for a vector, `dimension-mismatch`. */
export function parseQuery<Image>(query: QueryOf<Image>, dimension: number): QueryLeaf<Image>[] {
  if (typeof query === 'string') return parsePart({ text: query }, dimension);
  // `Array.isArray` does not narrow readonly arrays.
  const parts = (Array.isArray(query) ? query : [query]) as readonly QueryPartOf<Image>[];
  const leaves = parts.flatMap((part) => parsePart(part, dimension));
  if (leaves.length === 0) throw invalid('A query needs at least one part; got an empty list.');
  return leaves;
}

/** The query's vector: the weighted sum of its parts' unit vectors, brought to length 1. */
export function combineParts(
  parts: readonly { readonly vector: Float32Array; readonly weight: number }[],
  dimension: number,
): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(dimension);
  for (const { vector, weight } of parts) {
    for (let index = 0; index < dimension; index++) {
      sum[index] = (sum[index] ?? 0) + weight * (vector[index] ?? 0);
    }
  }
  const unit = normalise(sum);
  if (unit === null) {
    throw invalid('The weighted parts of the query cancel each other out: nothing is left.');
  }
  return unit;
}

function parsePart<Image>(part: QueryPartOf<Image>, dimension: number): QueryLeaf<Image>[] {
  // Callers without types pass anything.
  if (typeof part !== 'object' || (part as unknown) === null) {
    throw invalid(`A part of a query must be an object; got ${typeof part}.`);
  }
  const { text, image, vector, weight = 1 } = part;
  if (!Number.isFinite(weight)) throw invalid(`A weight must be a finite number; got ${weight}.`);
  const leaves: QueryLeaf<Image>[] = [];
  if (text !== undefined) leaves.push({ kind: 'text', text: checkedText(text), weight });
  if (image !== undefined) leaves.push({ kind: 'image', image, weight });
  if (vector !== undefined) {
    leaves.push({ kind: 'vector', vector: unitVector(vector, dimension), weight });
  }
  if (leaves.length > 0) return leaves;
  throw invalid('A part of a query needs a text, an image or a vector.');
}

function checkedText(text: unknown): string {
  if (typeof text !== 'string') throw invalid(`A text must be a string; got ${typeof text}.`);
  if (text.trim() === '') throw invalid('A text of a query must not be empty.');
  return text;
}

/** A vector from outside, brought to length 1. Throws `dimension-mismatch`, `invalid-input`. */
export function unitVector(vector: unknown, dimension: number): Float32Array<ArrayBuffer> {
  if (!(vector instanceof Float32Array)) throw invalid('A vector must be a Float32Array.');
  if (vector.length !== dimension) {
    throw new PhotoglotError(
      'dimension-mismatch',
      `A vector must have the model's dimension ${dimension}; got ${vector.length}.`,
    );
  }
  const unit = normalise(vector);
  if (unit === null) throw invalid('A vector must be finite and not all zero.');
  return unit;
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
