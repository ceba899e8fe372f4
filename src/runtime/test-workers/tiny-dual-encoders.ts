/** The tiny models of transformers.js and what PyTorch makes of their inputs (training/tests/make_tiny_clip.py). */

/** Folders of the models. */
export const TINY_DUAL = {
  clip: '/src/runtime/fixtures/tiny-clip/',
  siglip: '/src/runtime/fixtures/tiny-siglip/',
} as const;

/** The onnxruntime-web that transformers.js depends on. */
export const TRANSFORMERS_ORT =
  '/node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/';

interface Inputs {
  readonly texts: readonly { readonly text: string; readonly vector: string }[];
  readonly images: readonly {
    readonly seed: number;
    readonly width: number;
    readonly height: number;
    readonly vector: string;
  }[];
}

/** Vectors are base64 of little-endian float32, of length 1. */
export interface TinyDualReference {
  readonly dimensions: { readonly clip: number; readonly siglip: number };
  /** A word whose token the text towers have no row for. */
  readonly missing: string;
  readonly clip: Inputs;
  readonly siglip: Inputs;
}

export async function tinyDualReference(): Promise<TinyDualReference> {
  const response = await fetch('/src/runtime/fixtures/tiny-clip-reference.json');
  return (await response.json()) as TinyDualReference;
}
