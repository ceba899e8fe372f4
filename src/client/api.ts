/** The public shapes of the SDK. Implementations live beside this file; remote collections can join later. */
import type { Backend } from '../models/manifest';
import type { PhotoglotErrorCode } from '../errors';
import type { DeliveryProgress, Integrity } from '../protocol/delivery-contract';
import type { Encryption } from '../protocol/encryption';
import type { IntegrityProgress, IntegrityReport } from '../protocol/integrity';
import type { Rows } from '../protocol/rows';
import type {
  CollectionSummary,
  ItemRecord,
  Meta,
  ReembedReport,
  RowProgress,
  TextFields,
  VectorImportReport,
} from '../protocol/store-contract';
import type { EncodedRows, EncodedText, TowerInfo } from '../protocol/tower-contract';
import type { Fusion, HitGroup, HitScores, SortBy } from '../protocol/store-query';
import type { Where } from '../protocol/where';
import type { Capabilities } from './capability-report';
import type { TextSignal } from './encoders';
import type { DeliveryOptions } from './model-cache-api';
import type { RejectedBackend } from './rejected-backend';

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

/** What `createLens` is doing, and how far the model's files are. */
export interface LensProgress extends DeliveryProgress {
  readonly phase: 'manifest' | 'download' | 'session' | 'ready';
}

/** `auto`: for each tower what is faster on this device; else what is tried first. */
export type DeviceOption = 'auto' | Backend;

/** Number format of both towers' weights, or of each. */
export type DtypeOption = string | { readonly text?: string; readonly image?: string };

/**
 * How much of a model is in memory: `normal`, both towers side by side, or `low`, one at a time.
 * With `low`, a query by text while pictures are indexed unloads the image tower between two
 * batches, and loads it again afterwards: slower by the time that loading takes.
 */
export type MemoryProfile = 'normal' | 'low';

export interface LensOptions extends DeliveryOptions {
  /** `mini`, or the URL of a folder with a `manifest.json`, such as `/models/bge-siglip/`. */
  readonly model: string | URL;
  /**
   * `auto` measures once whether WebGPU or WASM is faster here, for each tower, and remembers that; a
   * software adapter is not worth measuring. Whatever is chosen or asked for is tested with the model's
   * golden vectors, and what is wrong, or fails, gives way to the next; `info` tells.
   * @default 'auto'
   */
  readonly device?: DeviceOption;
  /** e.g. `int8` or `fp32`; what there is, the manifest says. @default the best that the device runs */
  readonly dtype?: DtypeOption;
  /**
   * Languages of the texts to come, as tags such as `de` or `pt-BR`. Where a model's words come in
   * packs, only those are loaded that these need. It is decided here, once: a request that a query
   * caused would tell the host what is searched. What a text has from other packs counts as unknown,
   * and results name it as `missing`.
   * @default all
   */
  readonly languages?: readonly string[];
  /** Folder that serves `models/` and `ort/`. @default the page's base URL */
  readonly assets?: string | URL;
  /** @default 'normal' */
  readonly memory?: MemoryProfile;
  /**
   * Milliseconds without a call after which a tower is unloaded by itself, 0…2147483647; the next
   * call loads it again, from the cache. `null`: never.
   * @default 300_000
   */
  readonly unloadAfter?: number | null;
  /**
   * A smaller model, named like `model`, to load instead when the page has died twice in a row
   * while it loaded `model`. It has its own vectors, so that collections of `model` do not open
   * with it. `info.safeMode` says when that happened. It is held to the same `publicKey` and
   * `integrity`, and fetched without the `mirrors`, which are those of `model`; if it cannot be had,
   * the smallest files of `model` are loaded.
   * @default the smallest files of the same model, and one tower in memory at a time
   */
  readonly fallback?: string | URL;
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

/** What a tower runs on, and why. */
export interface LensTowerInfo extends TowerInfo {
  /** In words, such as `calibration: 4.2 times as fast as wasm`. */
  readonly reason: string;
  /** What would have been better, but was of no use on this device; in the order of its trial. */
  readonly rejected: readonly RejectedBackend[];
}

/** What runs where. */
export interface LensInfo {
  readonly model: string;
  readonly version: string;
  readonly dimension: number;
  /** As it was asked for; the towers tell what it came to. */
  readonly device: DeviceOption;
  readonly text: LensTowerInfo;
  readonly image: LensTowerInfo;
  readonly licence: string;
  /** How the model's files were judged; `unchecked` for those of transformers.js, which has no digests. */
  readonly integrity: Integrity | 'unchecked';
  /** Whether they are kept for the next time; false in memory, and where the browser keeps nothing. */
  readonly stored: boolean;
  /** What was loaded in place of what was asked for, and why, after crashes; null without any. */
  readonly safeMode: string | null;
}

/** Encoders and collections of one model. */
export interface Lens {
  readonly info: LensInfo;
  /** One unit row per text. */
  embedText(texts: readonly string[], options?: CallOptions): Promise<EncodedRows>;
  /**
   * All that the model says of each text: the dense vector, and for BGE-M3 sparse and multi-vector outputs.
   * Rejects with `invalid-input` for an output that the model does not have.
   */
  encodeText(
    texts: readonly string[],
    options?: EncodeTextOptions,
  ): Promise<readonly EncodedText[]>;
  /** One unit row per picture; rejects when any of them cannot be encoded. */
  embedImage(images: readonly ImageSource[], options?: CallOptions): Promise<Rows>;
  /** Opens or creates a collection. */
  open(name: string, options?: OpenOptions): Promise<Collection>;
  collections(): Promise<readonly CollectionSummary[]>;
  /** Deletes a collection, whatever model it is of; of no effect if there is none of that name. */
  drop(name: string, options?: CallOptions): Promise<void>;
  /**
   * Has an encrypted collection open with another passphrase or key, at once and without rewriting it.
   * Rejects with `wrong-key`, and with `invalid-input` for one that is not encrypted. Copies of the disk that
   * somebody made before open with the old one still.
   */
  changeKey(name: string, change: KeyChange, options?: CallOptions): Promise<void>;
  /**
   * Reads all of a collection, whatever model it is of, and reports what is damaged. With `repair` it is
   * mended at once: what is sound stays, what is damaged is given up row by row. Writes to the collection
   * wait meanwhile, searches do not. Rejects with `storage-version`, without any change, for what a newer
   * release wrote.
   */
  verify(name: string, options?: IntegrityOptions): Promise<IntegrityReport>;
  /**
   * Makes a collection of another model one of this lens's: its kept originals, or for items that are no
   * pictures their texts, are encoded anew, and take the place of the old vectors at once, at the end.
   * Until then, and when it is aborted or fails, the collection stays as it was. So it does, with
   * `invalid-input`, when there are items with neither, or whose original cannot be encoded; unless
   * `discardLeft` says to go on without them. Of no effect on one that is of this model; `not-found` when
   * there is none of that name, and `in-use` when it was changed meanwhile.
   */
  reembed(name: string, options?: ReembedOptions): Promise<ReembedReport>;
  /**
   * Makes a collection of a file that {@link Collection.export} wrote, under a name of its own choice. All
   * of the file is checked before anything of it can be seen; when it is damaged, cut off or not of that
   * format (`import-invalid`), is aborted, or the room is short, everything stays as it was. A name that
   * is taken is `already-exists`, unless it is to be replaced. The file may be of another model: the
   * result says of which one, and `open` needs a lens of that.
   */
  importCollection(
    name: string,
    file: Blob | ReadableStream<Uint8Array>,
    options?: ImportCollectionOptions,
  ): Promise<CollectionSummary>;
  /**
   * Loads what was unloaded, so that the next query is quick; with `memory: 'low'` that is the text
   * tower. Rejects like loading does, and with `aborted`.
   */
  warmUp(options?: CallOptions): Promise<void>;
  /**
   * Gives the model's memory back: ends the workers of the towers as soon as the batches that they
   * compute are done. The next call loads again by itself, from the cache, also that of an `add`
   * that is under way.
   */
  unload(): Promise<void>;
  /** What this device can do; the same as {@link capabilities}. */
  capabilities(): Promise<Capabilities>;
  /** Ends all workers; pending calls reject with `disposed`. */
  dispose(): Promise<void>;
}

export interface OpenOptions extends CallOptions {
  /** Keep the added files themselves beside their thumbnails. @default false */
  readonly keepOriginals?: boolean;
  /**
   * Of an encrypted collection, or to encrypt a new one: everything of its items is encrypted on the disk
   * (docs/encryption.md). Rejects with `key-required` without it, with `wrong-key` when it is not that of the
   * collection, and with `invalid-input` when the collection is plain.
   * @default none: the collection is plain
   */
  readonly encryption?: Encryption;
  /**
   * What else the model says of the texts of added items is kept: `sparse`, some 200 bytes each, for hybrid
   * search; `colbert`, a kilobyte per token, for `rerank`. An item's text is its `text`, or else its fields;
   * that of a picture is encoded for this alone. Rejects with `invalid-input` for what the model does not give.
   * @default `sparse`, if the model gives it
   */
  readonly keepSignals?: readonly TextSignal[];
}

/** Of an encrypted collection. */
export interface KeyChange {
  readonly from: Encryption;
  readonly to: Encryption;
}

export interface IntegrityOptions extends CallOptions {
  /** Give up what is damaged, so that the rest can be used again. @default false */
  readonly repair?: boolean;
  /** Of an encrypted collection that this lens has not open. */
  readonly encryption?: Encryption;
  readonly onProgress?: (progress: IntegrityProgress) => void;
}

export interface ImportCollectionOptions extends CallOptions {
  /** Take the place of a collection of that name, at once, when all of the file is there. @default false */
  readonly replace?: boolean;
  /**
   * Encrypt it: the file itself is plain. What replaces an encrypted collection has to be encrypted, too, or
   * else the error is `key-required`. @default it is plain
   */
  readonly encryption?: Encryption;
  readonly onProgress?: (progress: RowProgress) => void;
}

export interface ReembedOptions extends CallOptions {
  /**
   * Take items that cannot be encoded out of the collection, and report them as `left`. They cannot be
   * brought back: export the collection first if they matter. @default false
   */
  readonly discardLeft?: boolean;
  /** Of an encrypted collection that this lens has not open; it stays encrypted. */
  readonly encryption?: Encryption;
  readonly onProgress?: (progress: RowProgress) => void;
}

export interface ExportOptions extends CallOptions {
  readonly onProgress?: (progress: RowProgress) => void;
}

/** A collection's vectors and what belongs to them, of one moment. Read both, or cancel them. */
export interface NpyFiles {
  /** NPY, float32, `(count, dimension)`. */
  readonly vectors: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** JSON Lines, `{ id, meta, fields }` per row. */
  readonly items: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Vectors made elsewhere. Streams are read as fast as rows are stored. */
export type VectorFiles =
  /**
   * One object per line: `id`, `vector` (or `values`, `embedding`), `meta` (or `metadata`), `fields`,
   * `text`; what has another name goes to its meta.
   */
  | { readonly format: 'jsonl'; readonly rows: Blob | ReadableStream<Uint8Array> }
  /** float16, float32 or float64, little-endian, `(count, dimension)`; `items` is JSON Lines, a line per row. */
  | {
      readonly format: 'npy';
      readonly vectors: Blob | ReadableStream<Uint8Array>;
      readonly items?: Blob | ReadableStream<Uint8Array>;
    }
  /** Columns of the names of `jsonl`; packed with Snappy or not at all. */
  | { readonly format: 'parquet'; readonly file: Blob };

export interface ImportVectorsOptions extends CallOptions {
  /**
   * The model that made the vectors, as `id@version`: that of the collection, which the caller vouches
   * for, as vectors do not tell.
   */
  readonly model: string;
  readonly onProgress?: (progress: RowProgress) => void;
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
  /** Items added, refined, skipped or failed so far. */
  readonly done: number;
  readonly total: number;
  /** Items per second over the last seconds, of the pass that is under way; 0 until known. */
  readonly rate: number;
  /** Seconds to the end of the pass that is under way; null until known. */
  readonly remaining: number | null;
  /**
   * Items that can be found already, by the vector of a quick first pass, and wait for their second
   * one. It begins when all others are done, and ends at 0.
   */
  readonly rough: number;
}

export interface AddOptions extends CallOptions {
  /**
   * Pictures are first encoded with half the model's patches, in about half the time, so that all
   * of them can be found soon; when that is done, each is encoded once more with all patches, and
   * gets that vector. The second pass gives way to everything else that the lens has to encode.
   * Together the passes take longer than one. What an abort or a closed tab leaves with the first
   * vector is marked as `rough`: adding it again, also without `quick`, makes up for it; an id of
   * your own has to stand for the same picture then. The pictures are needed until the
   * end: files are, what was fetched or drawn is kept by the browser meanwhile. Of no effect on
   * texts, and for models that take pictures of their own size only, such as `mini`: these need one
   * pass.
   * @default false
   */
  readonly quick?: boolean;
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
  /** Items that were there, marked as `rough` by an earlier `add`, and have their full vector now. */
  readonly refined: readonly string[];
  /**
   * Items that are in the collection with the vector of a quick first pass, as the second one failed
   * for them; they can be added again. Those of an earlier `add` are in `failed`, too.
   */
  readonly rough: readonly {
    readonly id: string;
    readonly code: PhotoglotErrorCode;
    readonly message: string;
  }[];
  /** Parts of added texts that the loaded `languages` do not have, and that counted as unknown. */
  readonly missing: readonly string[];
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

/**
 * How items are found: `semantic`, by what they mean; `keyword`, by the words of their fields and meta,
 * without the model; `hybrid`, by both, and by BGE-M3's token weights where a collection keeps them.
 */
export type SearchMode = 'semantic' | 'keyword' | 'hybrid';

export interface SearchOptions extends CallOptions {
  /** With `keyword` the query needs a text; its pictures and vectors are passed over. @default 'semantic' */
  readonly mode?: SearchMode;
  /** Hits of a page, 1…1,000. @default 20 */
  readonly limit?: number;
  /** Conditions on the items' meta; only items that meet them are looked at. @default all items */
  readonly where?: Where;
  /**
   * Of the best items, those with a lower confidence are left out, 0…1; 0 leaves none out. `auto` is 0.5 for
   * a model that is calibrated for it, so that a query for what is not there finds little or nothing; it
   * is 0 for others, for queries without text, which ask for what is similar, and with `mode: 'keyword'`.
   * @default 'auto'
   */
  readonly cutoff?: number | 'auto';
  /** How a hybrid search makes one score of several. @default { dense: 1, keyword: 1, sparse: 0.5 } */
  readonly fusion?: Fusion;
  /**
   * Orders the best 50 by BGE-M3's token vectors, as far as the collection keeps them of these; the others
   * keep their places. Rejects with `invalid-input` for a model without, and a query without text.
   * @default false
   */
  readonly rerank?: boolean;
  /** The order of the best 1,000 items that are sure enough. @default the best first */
  readonly sort?: SortBy;
  /** A field of meta, or a path with dots: of each of its values there is only the best hit. @default no groups */
  readonly groupBy?: string;
  /**
   * Of hits whose cosine is as high as this, 0…1, there is only the best; 0.95 is a series of shots, 0.99 a
   * copy. Looks at the best 500. @default all are there
   */
  readonly collapse?: number;
  /**
   * Null for the first of several pages, and for each other the `nextCursor` of the one before, with the same
   * query and options but for the limit. There are 1,000 hits in all at most. Rejects with `cursor-expired`
   * when the collection has changed, and what the pages were is no longer kept.
   * @default a single page
   */
  readonly cursor?: string | null;
}

export interface Hit extends ItemRecord {
  /**
   * Hits are in its order, unless they are sorted or reranked: the cosine between query and item, −1…1; with
   * `mode: 'keyword'` the score of the words, and of a hybrid search what was made of both.
   */
  readonly score: number;
  /** What each signal says. */
  readonly scores: HitScores;
  /**
   * How sure it is that the item is what was asked for, 0…1; from 0.5 it is rather right than wrong. By
   * the calibration of the model it depends on query and item, and below 500 items on their number. A
   * model without one is held to the rest of the collection; 0.5 if that is fewer than 64 items. Of an
   * item that was found by its words it is at least the share of the query's words that it has, of
   * which rare ones count more.
   */
  readonly confidence: number;
  /** There with `groupBy`; null for an item without the field, which is alone. */
  readonly group?: HitGroup | null;
  /** There with `collapse`: the ids of the hits that this one stands for. */
  readonly duplicates?: readonly string[];
  /** At most 320 px on its longest side; null for items without a picture. */
  thumbnail(): Promise<Blob | null>;
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /**
   * Of the best items, how many the cutoff left out: of `limit`; of 50 where that is more and they are reranked;
   * of 1,000 where they are sorted, grouped, or read page by page; of 500 where they are collapsed.
   */
  readonly omitted: number;
  /** For the next page; null behind the last one, and where pages were not asked for. */
  readonly nextCursor: string | null;
  /**
   * Parts of the query's words that the loaded `languages` do not have, and that counted as unknown.
   * Empty but for models whose words come in packs.
   */
  readonly missing: readonly string[];
}

/** What a search has found so far. */
export interface SearchUpdate extends SearchResult {
  /** False: hits of the words, before the model has read the query. */
  readonly isComplete: boolean;
}

/** Items with vectors, kept across reloads. */
export interface Collection {
  readonly name: string;
  add(items: Iterable<Blob | ItemInput>, options?: AddOptions): Promise<AddResult>;
  search(query: Query, options?: SearchOptions): Promise<SearchResult>;
  /**
   * The same in steps, by default with `mode: 'hybrid'`: first what the words of the query find, at once and
   * without the model, then the whole result, which takes its place. Leaving the loop ends the search.
   */
  searchStream(query: Query, options?: SearchOptions): AsyncIterable<SearchUpdate>;
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
  /**
   * Adds vectors that this collection's model made elsewhere, without encoding anything; they are brought
   * to length 1. A row that is wrong (another length, all zero, not finite) fails alone, an id that is
   * there is skipped, and what has no id gets that of its vector. Rejects with `model-mismatch`,
   * `dimension-mismatch` and `import-invalid` for the file as a whole; the rows so far stay then, as they do
   * after an abort, and are skipped the next time.
   */
  importVectors(files: VectorFiles, options: ImportVectorsOptions): Promise<VectorImportReport>;
  /**
   * The collection as it is now, as one portable file for {@link Lens.importCollection}: items, vectors,
   * thumbnails and originals, with checksums. It is written as fast as it is read; read it to its end, or
   * cancel it. Failures come through the stream.
   */
  export(options?: ExportOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Like {@link Collection.export}, for other programs: one JSON object `{ id, meta, fields, vector }` per line. */
  exportJsonl(options?: ExportOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Columns `id`, `vector` (list of float), `meta` and `fields` (JSON as strings), `rough`. */
  exportParquet(options?: ExportOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
  /** The vectors for NumPy, and a second file with what belongs to each row. */
  exportNpy(options?: ExportOptions): NpyFiles;
  /** Deletes all items. */
  clear(): Promise<void>;
  /** Items. */
  count(): Promise<number>;
  /**
   * Of all items, in the order of adding; those that were replaced, refined or, in large collections, updated
   * since then come last.
   */
  ids(): Promise<readonly string[]>;
}
