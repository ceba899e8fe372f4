/** What the main thread asks of the store worker. */
import type { LexicalWeights } from '../core/lexical-weights';
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import type { TokenVectors } from '../core/token-vectors';
import type { PhotoglotErrorCode } from '../errors';
import type { CallContext } from './contract-types';
import type { Encryption } from './encryption';
import type { IntegrityProgress, IntegrityReport } from './integrity';
import type { QueryResult, StorePage, StoreQuery } from './store-query';
import type { Where } from './where';

/** JSON-like values that a collection keeps beside a vector. */
export type MetaValue =
  string | number | boolean | null | readonly MetaValue[] | { readonly [key: string]: MetaValue };
/** Free-form data of an item, which `where` filters look at. */
export type Meta = Readonly<Record<string, MetaValue>>;
/** Named texts of an item (caption, OCR, file name). */
export type TextFields = Readonly<Record<string, string>>;

/** What a model says of an item's text beyond its vector; null for what it does not, or is not kept. */
export interface ItemSignals {
  readonly sparse: LexicalWeights | null;
  readonly colbert: TokenVectors | null;
}

/** An item as it is stored; its vector travels in a packed array beside it. */
export interface StoredItem {
  readonly id: string;
  readonly meta: Meta;
  readonly fields: TextFields;
  readonly thumbnail: Blob | null;
  readonly original: Blob | null;
  /** @default none */
  readonly signals?: ItemSignals | null;
  /** Its vector is to be replaced by a better one. @default false */
  readonly rough?: boolean;
}

/** An item without its pictures. */
export interface ItemRecord {
  readonly id: string;
  readonly meta: Meta;
  readonly fields: TextFields;
  /** There, and true, while its vector is that of a quick first pass. */
  readonly rough?: true;
}

/** How good an item's vector is. */
export type Detail = 'rough' | 'full';

/** A scored item. */
export interface StoreHit extends ItemRecord {
  /** Cosine, −1…1. */
  readonly score: number;
}

/** A scored item, and how sure it is that it is what was asked for. */
export interface RelevantHit extends StoreHit {
  /** 0…1; see `src/core/relevance`. */
  readonly confidence: number;
}

/** Collections are bound to the model that made their vectors. */
export interface CollectionIdentity {
  readonly name: string;
  readonly dimension: number;
  /** `id@version` of the model. */
  readonly model: string;
}

/** A collection as listed. */
export interface CollectionSummary extends CollectionIdentity {
  readonly count: number;
  /** There, and true, for one that is encrypted. */
  readonly encrypted?: true;
}

/** A collection that was opened. */
export interface OpenedCollection extends CollectionSummary {
  /** Of an encrypted one what `unlock` takes. It cannot be exported. */
  readonly key?: CryptoKey;
}

/** How far an import or export is. */
export interface RowProgress {
  /** Rows. */
  readonly done: number;
  /** Null when the file does not say. */
  readonly total: number | null;
}

/** A format, and the ports through which its files go; see `byte-channel.ts`. */
export type ExportRequest =
  | { readonly format: 'portable' | 'jsonl' | 'parquet'; readonly port: MessagePort }
  | { readonly format: 'npy'; readonly vectors: MessagePort; readonly items: MessagePort };

/** A format, and the ports through which its files come; Parquet is not read from front to back. */
export type VectorImportRequest =
  | { readonly format: 'jsonl'; readonly rows: MessagePort }
  | { readonly format: 'npy'; readonly vectors: MessagePort; readonly items: MessagePort | null }
  | { readonly format: 'parquet'; readonly file: Blob };

/** What became of the rows of an import. */
export interface VectorImportReport {
  readonly added: number;
  /** Rows whose id was there already, or came before; nothing of these changed. */
  readonly skipped: number;
  /** All that failed. */
  readonly failedCount: number;
  /** The first 1,000 of them. */
  readonly failed: readonly {
    /** Of the file, from 0. */
    readonly row: number;
    /** Null when it has none. */
    readonly id: string | null;
    readonly code: PhotoglotErrorCode;
    readonly message: string;
  }[];
}

/** What the store's worker asks of the page: to encode some items; without any, at the end, whether it may commit. */
export interface EncodeQuestion {
  readonly items: readonly {
    readonly id: string;
    readonly fields: TextFields;
    readonly original: Blob | null;
    /** Whether it has a thumbnail: it was a picture. */
    readonly isPicture: boolean;
  }[];
}

/** The results, in order, and a row for each that is good. */
export interface EncodeAnswer {
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly results: readonly (
    | { readonly ok: true }
    | { readonly ok: false; readonly code: PhotoglotErrorCode; readonly message: string }
  )[];
}

/** What became of the items of a collection that was re-embedded. */
export interface ReembedReport {
  /** Items that are in the collection, with vectors of the other model. */
  readonly reembedded: number;
  /** Items that could not be encoded again, and are no longer there. */
  readonly left: readonly {
    readonly id: string;
    readonly code: PhotoglotErrorCode;
    readonly message: string;
  }[];
}

type Named<T = unknown> = { readonly collection: string } & T;
/** With `id@version` of the model that the vectors are of; `model-mismatch` if the collection is of another. */
type Modelled<T> = Named<{ readonly model: string } & T>;
type Call<A, R> = (args: A, context: CallContext<never>) => Promise<R>;

/** Worker of the store. Every write is durable when its promise resolves. */
export interface StoreContract {
  /**
   * Opens or creates a collection. Rejects with `key-required` or `wrong-key` for one that is encrypted, and
   * with `invalid-input` for an `encryption` of one that is not.
   */
  open: Call<
    CollectionIdentity & {
      /** @default null: it is plain */
      readonly encryption?: Encryption | null;
    },
    OpenedCollection
  >;
  /** Lets a new worker have what `open` was given in another one; calls that come later wait for it. */
  unlock: Call<Named<{ readonly key: CryptoKey }>, void>;
  /** Has an encrypted collection open with another passphrase or key. Rejects with `wrong-key`. */
  changeKey: Call<Named<{ readonly from: Encryption; readonly to: Encryption }>, void>;
  /** Reads all of a collection, and gives up what is damaged if that is wanted. */
  verify: (
    args: Named<{
      readonly repair: boolean;
      /** Of an encrypted one that is not open. @default null */
      readonly encryption?: Encryption | null;
    }>,
    context: CallContext<IntegrityProgress>,
  ) => Promise<IntegrityReport>;
  collections: Call<null, readonly CollectionSummary[]>;
  /** Drops a collection and everything in it. */
  drop: Call<Named, void>;
  /** Adds or replaces items; `vectors` holds one row of `dimension` per item. */
  put: Call<
    Modelled<{
      readonly items: readonly StoredItem[];
      readonly vectors: Float32Array<ArrayBuffer>;
    }>,
    void
  >;
  /**
   * Replaces the vectors of rough items, which are rough no longer; all else of them stays. `vectors`
   * holds one row per id. False, in order, for an item that is gone or was not rough: it stays as it is.
   */
  refine: Call<
    Modelled<{ readonly ids: readonly string[]; readonly vectors: Float32Array<ArrayBuffer> }>,
    readonly boolean[]
  >;
  /** The ids' detail, in order; null for those that do not exist. */
  details: Call<Named<{ readonly ids: readonly string[] }>, readonly (Detail | null)[]>;
  get: Call<Named<{ readonly id: string }>, ItemRecord | null>;
  vector: Call<Named<{ readonly id: string }>, Float32Array<ArrayBuffer> | null>;
  thumbnail: Call<Named<{ readonly id: string }>, Blob | null>;
  original: Call<Named<{ readonly id: string }>, Blob | null>;
  /** Merges top-level keys of meta and fields; false when there is no such item. */
  update: Call<
    Named<{ readonly id: string; readonly meta: Meta | null; readonly fields: TextFields | null }>,
    boolean
  >;
  /** How many of the ids existed and are gone. */
  delete: Call<Named<{ readonly ids: readonly string[] }>, number>;
  /**
   * Sends the collection as it is now through the ports. Resolves when their receivers have all of it, or
   * want no more.
   */
  export: (
    args: Named<{ readonly request: ExportRequest }>,
    context: CallContext<RowProgress>,
  ) => Promise<void>;
  /**
   * Makes a collection of the portable file that comes through the port: all of it, or nothing. Rejects
   * with `import-invalid`, `unsupported-format-version` and, unless it is to be replaced, `already-exists`.
   */
  importPortable: (
    args: Named<{
      readonly port: MessagePort;
      readonly replace: boolean;
      /** What it is to be encrypted with. @default null: it is plain, and replaces a plain one only */
      readonly encryption?: Encryption | null;
    }>,
    context: CallContext<RowProgress>,
  ) => Promise<CollectionSummary>;
  /**
   * Adds rows of vectors. A row that is wrong fails alone; when the call rejects, the rows so far stay.
   */
  importVectors: (
    args: Modelled<{ readonly request: VectorImportRequest }>,
    context: CallContext<RowProgress>,
  ) => Promise<VectorImportReport>;
  /**
   * Makes the collection one of another model, at once: its items are encoded anew by whoever answers the
   * {@link EncodeQuestion}s that come through the port. Rejects with `in-use` when it is changed meanwhile.
   */
  reembed: (
    args: Named<{
      readonly model: string;
      readonly dimension: number;
      /** Items per question. */
      readonly batch: number;
      readonly port: MessagePort;
      /** Of an encrypted one that is not open. @default null */
      readonly encryption?: Encryption | null;
    }>,
    context: CallContext<RowProgress>,
  ) => Promise<ReembedReport>;
  clear: Call<Named, void>;
  count: Call<Named, number>;
  ids: Call<Named, readonly string[]>;
  /** Exact cosine search, best first. */
  search: Call<
    Modelled<{
      readonly vector: Float32Array<ArrayBuffer>;
      readonly limit: number;
      readonly where: Where | null;
      /** Of the collection's model. @default null: the collection's other items tell */
      readonly calibration?: RelevanceCalibration | null;
    }>,
    readonly RelevantHit[]
  >;
  /** Searches by several signals, in other orders, page by page. */
  query: Call<Modelled<StoreQuery>, QueryResult>;
  /**
   * The page that the cursor of such a search points to, with items as they are now; null when it would have
   * to be searched again.
   */
  page: Call<Modelled<StorePage & { readonly cursor: string }>, QueryResult | null>;
}
