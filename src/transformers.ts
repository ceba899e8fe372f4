/** Models that `@huggingface/transformers` runs, `photoglot/transformers`. */
export { createTransformersLens } from './client/create-transformers-lens';
export { isPhotoglotError, PhotoglotError } from './errors';
export type { PhotoglotErrorCode } from './errors';
export type { TransformersLensOptions } from './client/transformers-options';
export type { Backend } from './models/manifest';
