/** What the main thread asks of the two encoder workers. */
import type { TextOutputs } from '../core/merge-windows';
import type { Backend, ModelManifest, TowerVariant } from '../models/manifest';
import type { PhotoglotErrorCode } from '../errors';
import type { CallContext } from './contract-types';
import type { Rows } from './rows';

/** A query overtakes indexing: waiting `query` jobs run before waiting `index` jobs. */
export type Priority = 'query' | 'index';

/** Loading one tower. */
export interface TowerLoad {
  readonly manifest: ModelManifest;
  /** Verified content of the tower's files, by the names in the manifest. */
  readonly files: Readonly<Record<string, Blob>>;
  /** Absolute URL of the folder that holds onnxruntime-web's wasm and mjs files, ending in `/`. */
  readonly ortUrl: string;
  readonly device: Backend;
  /** Of this tower, one that runs on the device. */
  readonly variant: TowerVariant;
}

/** What a loaded tower turned out to be. */
export interface TowerInfo {
  readonly provider: Backend;
  readonly dtype: string;
  /** WASM threads in use. */
  readonly threads: number;
  /** Milliseconds. */
  readonly sessionMs: number;
}

/** Texts to encode in full. */
export interface TextBatch {
  readonly texts: readonly string[];
  readonly priority: Priority;
  /** Which outputs besides the dense vector are wanted; the model has to have them. */
  readonly sparse: boolean;
  readonly colbert: boolean;
  /** Tokens of one run, special ones included; null for the model's limit. */
  readonly maxTokens: number | null;
  /** Content tokens that the windows of a longer text share; null cuts it instead. */
  readonly overlap: number | null;
}

/** Texts so far. */
export interface TextProgress {
  readonly done: number;
  readonly total: number;
}

/** Worker of the text tower. */
export interface TextTowerContract {
  load(args: TowerLoad, context: CallContext<never>): Promise<TowerInfo>;
  encode(
    args: { readonly texts: readonly string[]; readonly priority: Priority },
    context: CallContext<never>,
  ): Promise<Rows>;
  /** All outputs asked for, one per text, in order. */
  encodeFully(args: TextBatch, context: CallContext<TextProgress>): Promise<readonly TextOutputs[]>;
}

/** A picture on its way to the worker. */
export type PictureInput =
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'bitmap'; readonly bitmap: ImageBitmap }
  | { readonly kind: 'pixels'; readonly pixels: ImageData };

/** Pictures to encode together. */
export interface PictureBatch {
  readonly pictures: readonly PictureInput[];
  /** Longest side in pixels, or 0 for none. */
  readonly thumbnail: number;
  readonly priority: Priority;
}

/** One picture's result: its row in `vectors`, or why there is none. */
export type PictureResult =
  | {
      readonly ok: true;
      readonly row: number;
      readonly width: number;
      readonly height: number;
      /** JPEG or WebP, when asked for. */
      readonly thumbnail: Blob | null;
    }
  | { readonly ok: false; readonly code: PhotoglotErrorCode; readonly message: string };

/** Results in the order of the pictures; only good ones have a row. */
export interface PictureBatchResult {
  readonly vectors: Rows;
  readonly results: readonly PictureResult[];
}

/** Worker of the image tower. */
export interface ImageTowerContract {
  load(args: TowerLoad, context: CallContext<never>): Promise<TowerInfo>;
  encode(args: PictureBatch, context: CallContext<never>): Promise<PictureBatchResult>;
}
