/** The public shapes of the SDK. Implementations live beside this file; remote collections can join later. */
import type { TextOutputs } from '../core/merge-windows';
import type { Backend } from '../models/manifest';
import type { PhotoglotErrorCode } from '../errors';
import type { Rows } from '../protocol/rows';
import type {
  CollectionSummary,
  ItemRecord,
  Meta,
  TextFields,
  Where,
} from '../protocol/store-contract';
import type { TowerInfo } from '../protocol/tower-contract';

/** A picture in any form a page has it. A string is a URL. */
export type ImageSource =
  | Blob
  | string
  | URL
  | ImageBitmap
  | ImageData
  | HTMLImageElement
  | HTMLCanvasElement
  | HTMLVideoElement
  | OffscreenCanvas;

/** What `createLens` is doing, and how far it is over all files together. */
export interface LensProgress {
  readonly phase: 'manifest' | 'download' | 'session' | 'ready';
  /** Bytes. */
  readonly loaded: number;
  /** Bytes; 0 until the manifest is read. */
  readonly total: number;
}

/** Number format of both towers' weights, or of each. */
export type DtypeOption = string | { readonly text?: string; readonly image?: string };

export interface LensOptions {
  /** `mini`, or the URL of a folder with a `manifest.json`, such as `/models/bge-siglip/`. */
  readonly model: string | URL;
  /** @default 'wasm' */
  readonly device?: Backend;
  /** e.g. `int8` or `fp32`; what there is, the manifest says. @default the best that the device runs */
  readonly dtype?: DtypeOption;
  /** Folder that serves `models/` and `ort/`. @default the page's base URL */
  readonly assets?: string | URL;
  readonly onProgress?: (progress: LensProgress) => void;
  readonly signal?: AbortSignal;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface EncodeTextOptions extends CallOptions {
  /** Weights of the tokens, for {@link lexicalScore}. @default false */
  readonly sparse?: boolean;
  /** A vector per token, for {@link colbertScore}. @default false */
  readonly colbert?: boolean;
  /** Tokens of one run, special ones included; what is above the model's limit counts as that. @default the model's limit */
  readonly maxTokens?: number;
  /**
   * A text longer than `maxTokens` is read in windows that share so many tokens, and their outputs are
   * merged. @default null: what is too long is cut
   */
  readonly overlap?: number | null;
  /** Texts so far, after each run; those that are read in windows count in part. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What runs where. */
export interface LensInfo {
  readonly model: string;
  readonly version: string;
  readonly dimension: number;
  readonly device: Backend;
  readonly text: TowerInfo;
  readonly image: TowerInfo;
  readonly licence: string;
}

/** Encoders and collections of one model. */
export interface Lens {
  readonly info: LensInfo;
  /** One unit row per text. */
  embedText(texts: readonly string[], options?: CallOptions): Promise<Rows>;
  /**
   * All that the model says of each text: the dense vector, and for BGE-M3 sparse and multi-vector outputs.
   * Rejects with `invalid-input` for an output that the model does not have.
   */
  encodeText(
    texts: readonly string[],
    options?: EncodeTextOptions,
  ): Promise<readonly TextOutputs[]>;
  /** One unit row per picture; rejects when any of them cannot be encoded. */
  embedImage(images: readonly ImageSource[], options?: CallOptions): Promise<Rows>;
  /** Opens or creates a collection. */
  open(name: string, options?: OpenOptions): Promise<Collection>;
  collections(): Promise<readonly CollectionSummary[]>;
  /** Ends all workers; pending calls reject with `disposed`. */
  dispose(): Promise<void>;
}

export interface OpenOptions extends CallOptions {
  /** Keep the added files themselves beside their thumbnails. @default false */
  readonly keepOriginals?: boolean;
}

/** An item to add. With neither vector nor image, the text (or else the fields) is encoded. */
export interface ItemInput {
  /** @default SHA-256 of the content */
  readonly id?: string;
  readonly image?: ImageSource;
  readonly text?: string;
  readonly vector?: Float32Array;
  readonly fields?: TextFields;
  readonly meta?: Meta;
}

export interface AddProgress {
  /** Items added, skipped or failed so far. */
  readonly done: number;
  readonly total: number;
  /** Items per second over the last seconds; 0 until known. */
  readonly rate: number;
  /** Seconds; null until known. */
  readonly remaining: number | null;
}

export interface AddOptions extends CallOptions {
  readonly onProgress?: (progress: AddProgress) => void;
}

export interface AddResult {
  readonly added: readonly string[];
  readonly skipped: readonly { readonly id: string; readonly reason: 'exists' | 'duplicate' }[];
  readonly failed: readonly {
    readonly input: Blob | ItemInput;
    readonly code: PhotoglotErrorCode;
    readonly message: string;
  }[];
}

/** One part of a query; parts of an array are added up by weight. */
export interface QueryPart {
  readonly text?: string;
  readonly image?: ImageSource;
  readonly vector?: Float32Array;
  /** Negative pushes away. @default 1 */
  readonly weight?: number;
}

/** Text, a part, or weighted parts. */
export type Query = string | QueryPart | readonly QueryPart[];

export interface SearchOptions extends CallOptions {
  /** @default 20 */
  readonly limit?: number;
  readonly where?: Where;
}

export interface Hit extends ItemRecord {
  /** Cosine between query and item, −1…1. */
  readonly score: number;
  /** At most 320 px on its longest side; null for items without a picture. */
  thumbnail(): Promise<Blob | null>;
}

export interface SearchResult {
  readonly hits: readonly Hit[];
}

/** Items with vectors, kept across reloads. */
export interface Collection {
  readonly name: string;
  add(items: Iterable<Blob | ItemInput>, options?: AddOptions): Promise<AddResult>;
  search(query: Query, options?: SearchOptions): Promise<SearchResult>;
  get(id: string): Promise<ItemRecord | null>;
  /** The file itself, where the collection was opened with `keepOriginals` when it was added. */
  original(id: string): Promise<Blob | null>;
  thumbnail(id: string): Promise<Blob | null>;
  /** The item's unit row, e.g. as the query for "more like this". */
  vector(id: string): Promise<Float32Array | null>;
  /** Merges top-level keys; false when there is no such item. */
  update(
    id: string,
    change: { readonly meta?: Meta; readonly fields?: TextFields },
  ): Promise<boolean>;
  delete(ids: string | readonly string[]): Promise<number>;
  clear(): Promise<void>;
  count(): Promise<number>;
  ids(): Promise<readonly string[]>;
}
