/** From what callers add to what is encoded and stored. */
import { unitVector } from '../core/query';
import { PhotoglotError } from '../errors';
import type { Meta, TextFields } from '../protocol/store-contract';
import type { ImageSource, ItemInput } from './api';
import { checkFields, checkMeta } from '../core/check-meta';

/** An input whose parts were checked. At least one of image, text, vector and fields is there. */
export interface ParsedItem {
  readonly input: Blob | ItemInput;
  /** Null: to be made from the content. */
  readonly id: string | null;
  readonly image: ImageSource | null;
  readonly text: string | null;
  /** Of length 1. */
  readonly vector: Float32Array<ArrayBuffer> | null;
  /** As stored: with `text`, where there is one. */
  readonly fields: TextFields;
  /** As stored: with what a file tells about itself. */
  readonly meta: Meta;
}

/** Throws `invalid-input`, `dimension-mismatch` or `empty-file`. */
export function parseItem(input: Blob | ItemInput, dimension: number): ParsedItem {
  if (input instanceof Blob) return parseParts(input, { image: input }, dimension);
  // Callers without types pass anything.
  if (typeof input !== 'object' || (input as unknown) === null) {
    throw invalid(`An item must be a Blob or an object; got ${typeof input}.`);
  }
  return parseParts(input, input, dimension);
}

function parseParts(
  input: Blob | ItemInput,
  { id, image, text, vector, fields = {}, meta = {} }: ItemInput,
  dimension: number,
): ParsedItem {
  if (id !== undefined && (typeof id !== 'string' || id === '')) {
    throw invalid('An id must be a string that is not empty.');
  }
  if (text !== undefined && (typeof text !== 'string' || text.trim() === '')) {
    throw invalid('A text must be a string that is not empty.');
  }
  if (image instanceof Blob && image.size === 0) {
    throw new PhotoglotError('empty-file', 'The file has no bytes.');
  }
  checkFields(fields);
  checkMeta(meta);
  const hasContent = [image, text, vector].some((part) => part !== undefined);
  if (!hasContent && textOf(fields).trim() === '') {
    throw invalid('An item needs an image, a text, a vector, or fields with text.');
  }
  return {
    input,
    id: id ?? null,
    image: image ?? null,
    text: text ?? null,
    vector: vector === undefined ? null : unitVector(vector, dimension),
    fields: text === undefined ? fields : { text, ...fields },
    meta: { ...fileMeta(image), ...meta },
  };
}

/** What is encoded for an item that has fields and nothing else. */
export function textOf(fields: TextFields): string {
  return Object.values(fields).join('\n');
}

function fileMeta(image: ImageSource | undefined): Meta {
  if (!(image instanceof File)) return {};
  const { name, type, size, lastModified } = image;
  return { name, type, size, lastModified };
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
