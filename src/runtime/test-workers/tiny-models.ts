/** The tiny exported models and what PyTorch makes of their inputs (training/tests/make_export_fixtures.py). */

/** Folders of the models, for `createLens`. */
export const TINY = {
  naflex: '/src/runtime/fixtures/tiny-naflex/',
  fixed: '/src/runtime/fixtures/tiny-fixed/',
  /** Its text tower runs on the encoder of our own, with words in packs. */
  int7: '/src/runtime/fixtures/tiny-int7/',
  /** An image tower for WebGPU, and a smaller one for WASM. */
  twoTowers: '/src/runtime/fixtures/tiny-two-towers/',
  /** Both towers in N bits for WebGPU. */
  nbits: '/src/runtime/fixtures/tiny-nbits/',
} as const;

/** Vectors are base64 of little-endian float32. */
export interface TextReference {
  readonly text: string;
  readonly ids: readonly number[];
  readonly dense: string;
  /** A weight per token. */
  readonly lexical: string;
  /** A vector for each token but the first. */
  readonly colbert: string;
}

export interface ImageReference {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** Of the vision tower. */
  readonly features: string;
  /** In the shared space, of length 1. */
  readonly embedding: string;
}

export interface TinyReference {
  readonly texts: readonly TextReference[];
  readonly long: { readonly tokens: number; readonly dense: string; readonly lexical: string };
  readonly naflex: readonly ImageReference[];
  readonly fixed: readonly ImageReference[];
}

export async function tinyReference(): Promise<TinyReference> {
  const response = await fetch('/src/runtime/fixtures/tiny-reference.json');
  return (await response.json()) as TinyReference;
}
