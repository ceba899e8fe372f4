/** From a query to what is searched for: one vector, and what else the model says of its texts. */
import { sumLexicalWeights, type LexicalWeights } from '../core/lexical-weights';
import { combineParts, type QueryLeaf } from '../core/query';
import { joinTokenVectors, type TokenVectors } from '../core/token-vectors';
import { PhotoglotError } from '../errors';
import type { EncodedText } from '../protocol/tower-contract';
import type { ImageSource } from './api';
import type { Encoders } from './encoders';
import { closeOwnBitmaps, toPictureInput } from './picture-source';

export interface EmbeddedQuery {
  readonly vector: Float32Array<ArrayBuffer>;
  /** Of the texts of positive weight; null where they were not asked for. */
  readonly sparse: LexicalWeights | null;
  readonly tokens: TokenVectors | null;
  /** Pieces of its texts that counted as unknown. */
  readonly missing: readonly string[];
}

/** Which outputs are wanted besides the vector; the model has to have them. */
export interface WantedSignals {
  readonly sparse: boolean;
  readonly colbert: boolean;
}

type Leaf = QueryLeaf<ImageSource>;
/** In order, what the model says of each text of a query. A model is asked for the vectors only where that is all. */
type TextOutputs = Pick<EncodedText, 'dense' | 'sparse' | 'colbert'>;

/** Throws what the encoders and fetching a picture throw. */
export async function embedQuery(
  encoders: Encoders,
  leaves: readonly Leaf[],
  wanted: WantedSignals,
  signal: AbortSignal | undefined,
): Promise<EmbeddedQuery> {
  const { dimension } = encoders;
  const texts = leaves.flatMap((leaf) => (leaf.kind === 'text' ? leaf : []));
  const images = leaves.flatMap((leaf) => (leaf.kind === 'image' ? leaf.image : []));
  const [encoded, imageRows] = await Promise.all([
    encodeTexts(
      encoders,
      texts.map(({ text }) => text),
      wanted,
      signal,
    ),
    images.length === 0 ? null : encodeImages(encoders, images, signal),
  ]);
  let [text, image] = [0, 0];
  const parts = leaves.map((leaf) => {
    const { weight } = leaf;
    switch (leaf.kind) {
      case 'text':
        return { weight, vector: encoded.outputs[text++]?.dense ?? new Float32Array(dimension) };
      case 'image':
        return { weight, vector: rowOf(imageRows, image++, dimension) };
      case 'vector':
        return { weight, vector: leaf.vector };
      default:
        return leaf satisfies never;
    }
  });
  const found = texts.flatMap(({ weight }, index) => {
    const outputs = encoded.outputs[index];
    return outputs === undefined || weight <= 0 ? [] : { weight, outputs };
  });
  return {
    vector: combineParts(parts, dimension),
    sparse: wanted.sparse ? sparseOf(found) : null,
    tokens: wanted.colbert
      ? joinTokenVectors(found.flatMap(({ outputs }) => outputs.colbert ?? []))
      : null,
    missing: encoded.missing,
  };
}

function sparseOf(
  found: readonly { readonly weight: number; readonly outputs: TextOutputs }[],
): LexicalWeights {
  return sumLexicalWeights(
    found.flatMap(({ weight, outputs: { sparse } }) =>
      sparse === null ? [] : { weights: sparse, factor: weight },
    ),
  );
}

async function encodeTexts(
  encoders: Encoders,
  texts: readonly string[],
  { sparse, colbert }: WantedSignals,
  signal: AbortSignal | undefined,
): Promise<{ readonly outputs: readonly TextOutputs[]; readonly missing: readonly string[] }> {
  if (texts.length === 0) return { outputs: [], missing: [] };
  const priority = 'query';
  if (sparse || colbert) {
    const batch = { texts, sparse, colbert, maxTokens: null, overlap: null, priority } as const;
    const outputs = await encoders.encodeFully(batch, { signal });
    return { outputs, missing: [...new Set(outputs.flatMap(({ missing }) => missing))] };
  }
  const rows = await encoders.encodeTexts(texts, { priority, signal });
  const outputs = texts.map((_, index) => ({
    dense: rows.data.slice(index * encoders.dimension, (index + 1) * encoders.dimension),
    sparse: null,
    colbert: null,
  }));
  return { outputs, missing: rows.missing };
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
