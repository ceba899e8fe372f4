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
  /** Absolute URL of the folder that holds the manifest, ending in `/`. */
  readonly modelUrl: string;
  /** Absolute URL of the folder that holds onnxruntime-web's wasm and mjs files, ending in `/`. */
  readonly ortUrl: string;
  readonly device: Backend;
  /** Of this tower, one that runs on the device. */
  readonly variant: TowerVariant;
}

/** Bytes so far while a tower's files are fetched or read from the cache. */
export interface LoadProgress {
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
  /** `cache` when nothing had to be fetched. */
  readonly from: 'network' | 'cache';
}

/** What a loaded tower turned out to be. */
export interface TowerInfo {
  readonly provider: Backend;
  readonly dtype: string;
  /** WASM threads in use. */
  readonly threads: number;
  /** Milliseconds. */
  readonly sessionMs: number;
  /** Whether the files are kept for the next time; false where the browser refused to store them. */
  readonly cached: boolean;
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

/** Worker of the text tower, which also reads the manifest for both. */
export interface TextTowerContract {
  /** Reads and checks the manifest in the folder; offline, the one that was kept. */
  manifest(
    args: { readonly modelUrl: string },
    context: CallContext<never>,
  ): Promise<ModelManifest>;
  /** Keeps the manifest for offline use, once all of its files are there. */
  keepManifest(
    args: { readonly modelUrl: string; readonly manifest: ModelManifest },
    context: CallContext<never>,
  ): Promise<boolean>;
  load(args: TowerLoad, context: CallContext<LoadProgress>): Promise<TowerInfo>;
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
  load(args: TowerLoad, context: CallContext<LoadProgress>): Promise<TowerInfo>;
  encode(args: PictureBatch, context: CallContext<never>): Promise<PictureBatchResult>;
}
