/** `embedText` and `embedImage`: checked input, encoders, one block of rows. */
import { PhotoglotError } from '../errors';
import type { Rows } from '../protocol/rows';
import type { EncodedRows, Priority } from '../protocol/tower-contract';
import type { ImageSource } from './api';
import type { Encoders } from './encoders';
import { closeOwnBitmaps, toPictureInput } from './picture-source';

/** Pictures that are fetched and sent at a time: enough to keep the tower busy. */
const PICTURES_AT_ONCE = 32;

export async function embedTexts(
  encoders: Encoders,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<EncodedRows> {
  checkTexts('embedText', texts);
  return encoders.encodeTexts(texts, { priority: priorityOf(texts.length), signal });
}

export async function embedImages(
  encoders: Encoders,
  images: readonly ImageSource[],
  signal: AbortSignal | undefined,
): Promise<Rows> {
  checkList('embedImage', 'images', images);
  const dim = encoders.dimension;
  const data = new Float32Array(images.length * dim);
  const priority = priorityOf(images.length);
  for (let first = 0; first < images.length; first += PICTURES_AT_ONCE) {
    const sources = images.slice(first, first + PICTURES_AT_ONCE);
    const inputs = await Promise.all(sources.map((source) => toPictureInput(source, signal)));
    try {
      const { vectors, results } = await encoders.encodePictures(inputs, { priority, signal });
      results.forEach((result, index) => {
        if (result.ok) return;
        const message = `Image ${first + index} cannot be encoded. ${result.message}`;
        throw new PhotoglotError(result.code, message);
      });
      data.set(vectors.data, first * dim);
    } finally {
      closeOwnBitmaps(inputs, sources);
    }
  }
  return { data, count: images.length, dim };
}

/** One input is most likely somebody waiting; many are a job that can wait for them. */
export function priorityOf(count: number): Priority {
  return count === 1 ? 'query' : 'index';
}

/** Throws `invalid-input` unless it is an array of strings. */
export function checkTexts(name: string, texts: readonly string[]): void {
  checkList(name, 'strings', texts);
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong < 0) return;
  const message = `${name} expects strings; item ${wrong} is of type ${typeof texts[wrong]}.`;
  throw new PhotoglotError('invalid-input', message);
}

function checkList(name: string, of: string, value: unknown): void {
  if (Array.isArray(value)) return;
  const message = `${name} expects an array of ${of}; got ${typeof value}.`;
  throw new PhotoglotError('invalid-input', message);
}
