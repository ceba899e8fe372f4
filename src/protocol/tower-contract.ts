/** What the main thread asks of the two encoder workers. */
import type { TextOutputs } from '../core/merge-windows';
import type { Backend, ModelManifest, TowerVariant } from '../models/manifest';
import type { PhotoglotErrorCode } from '../errors';
import type { CallContext, ContractMethod } from './contract-types';
import type { Rows } from './rows';

/** One of a model's two encoders. */
export type Tower = 'text' | 'image';

/**
 * A query overtakes indexing: waiting `query` jobs run before waiting `index` jobs, and `idle` jobs,
 * which improve what is there already, after all others.
 */
export type Priority = 'query' | 'index' | 'idle';

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
  /** The self-test was passed before, by these files on this device: one golden input will do. @default false */
  readonly tested?: boolean;
  /** Of a `QueryFlag`; null without shared memory. @default null */
  readonly queries?: SharedArrayBuffer | null;
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

/** Loads a tower of a manifest. */
export type LoadManifestTower = (
  args: TowerLoad,
  context: CallContext<never>,
) => Promise<TowerInfo>;

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
  /** As of {@link TextsToEncode}. @default false */
  readonly shared?: boolean;
}

/** All outputs of a text. */
export interface EncodedText extends TextOutputs {
  /**
   * Pieces of the text that the loaded language packs do not have: what the model reads of them counts
   * as unknown. Empty but for models whose words come in packs.
   */
  readonly missing: readonly string[];
}

/** Texts of which the dense vectors are wanted. */
export interface TextsToEncode {
  readonly texts: readonly string[];
  readonly priority: Priority;
  /** The other tower computes at the same time, and does not give way. @default false */
  readonly shared?: boolean;
}

/** One unit row per text. */
export interface EncodedRows extends Rows {
  /** As of {@link EncodedText}, of all texts together. */
  readonly missing: readonly string[];
}

/** Texts so far. */
export interface TextProgress {
  readonly done: number;
  readonly total: number;
}

/** Worker of the text tower; what it is loaded from is up to the kind of tower. */
export interface TextTowerContract<Load extends ContractMethod = LoadManifestTower> {
  readonly load: Load;
  encode(args: TextsToEncode, context: CallContext<never>): Promise<EncodedRows>;
  /** All outputs asked for, one per text, in order. */
  encodeFully(args: TextBatch, context: CallContext<TextProgress>): Promise<readonly EncodedText[]>;
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
  /**
   * The most patches of a picture, if fewer than the model takes; of no effect on models whose
   * pictures are no lists of patches. @default null
   */
  readonly patches?: number | null;
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

/** Worker of the image tower; what it is loaded from is up to the kind of tower. */
export interface ImageTowerContract<Load extends ContractMethod = LoadManifestTower> {
  readonly load: Load;
  encode(args: PictureBatch, context: CallContext<never>): Promise<PictureBatchResult>;
}
