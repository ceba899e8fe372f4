/** From a query to the one vector that is searched for. */
import { combineParts, parseQuery } from '../core/query';
import { PhotoglotError } from '../errors';
import type { ImageSource, Query } from './api';
import type { Encoders } from './encoders';
import { closeOwnBitmaps, toPictureInput } from './picture-source';

export interface EmbeddedQuery {
  readonly vector: Float32Array<ArrayBuffer>;
  /** Whether a part of it is a text. */
  readonly hasText: boolean;
  /** Pieces of its texts that counted as unknown. */
  readonly missing: readonly string[];
}

/** Throws what {@link parseQuery}, the encoders and fetching a picture throw. */
export async function embedQuery(
  encoders: Encoders,
  query: Query,
  signal: AbortSignal | undefined,
): Promise<EmbeddedQuery> {
  const { dimension } = encoders;
  const leaves = parseQuery<ImageSource>(query, dimension);
  const texts = leaves.flatMap((leaf) => (leaf.kind === 'text' ? leaf.text : []));
  const images = leaves.flatMap((leaf) => (leaf.kind === 'image' ? leaf.image : []));
  const [textRows, imageRows] = await Promise.all([
    texts.length === 0 ? null : encoders.encodeTexts(texts, { priority: 'query', signal }),
    images.length === 0 ? null : encodeImages(encoders, images, signal),
  ]);
  let [text, image] = [0, 0];
  const parts = leaves.map((leaf) => {
    const { weight } = leaf;
    switch (leaf.kind) {
      case 'text':
        return { weight, vector: rowOf(textRows, text++, dimension) };
      case 'image':
        return { weight, vector: rowOf(imageRows, image++, dimension) };
      case 'vector':
        return { weight, vector: leaf.vector };
      default:
        return leaf satisfies never;
    }
  });
  return {
    vector: combineParts(parts, dimension),
    hasText: texts.length > 0,
    missing: textRows?.missing ?? [],
  };
}

async function encodeImages(
  encoders: Encoders,
  images: readonly ImageSource[],
  signal: AbortSignal | undefined,
): Promise<{ data: Float32Array }> {
  const inputs = await Promise.all(images.map((image) => toPictureInput(image, signal)));
  try {
    const options = { priority: 'query', signal } as const;
    const { vectors, results } = await encoders.encodePictures(inputs, options);
    for (const result of results) {
      if (!result.ok) throw new PhotoglotError(result.code, result.message);
    }
    return vectors;
  } finally {
    closeOwnBitmaps(inputs, images);
  }
}

function rowOf(rows: { data: Float32Array } | null, row: number, dimension: number): Float32Array {
  return rows?.data.subarray(row * dimension, (row + 1) * dimension) ?? new Float32Array(dimension);
}
