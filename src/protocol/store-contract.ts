/** What the main thread asks of the store worker. */
import type { CallContext } from './contract-types';

/** JSON-like values that a collection keeps beside a vector. */
export type MetaValue =
  string | number | boolean | null | readonly MetaValue[] | { readonly [key: string]: MetaValue };
/** Free-form data of an item. `where` filters look at its top-level fields. */
export type Meta = Readonly<Record<string, MetaValue>>;
/** Named texts of an item (caption, OCR, file name). */
export type TextFields = Readonly<Record<string, string>>;

/** Equality (`{ kind: 'cat' }`) or a range (`{ taken: { gte: 1, lt: 2 } }`) per top-level meta field; all must hold. */
export type Where = Readonly<Record<string, WhereCondition>>;
/** A value that must be equal, or bounds of the same type (numbers, or strings by code unit). */
export type WhereCondition = string | number | boolean | null | RangeCondition;
/** At least one bound. */
export interface RangeCondition {
  readonly gt?: number | string;
  readonly gte?: number | string;
  readonly lt?: number | string;
  readonly lte?: number | string;
}

/** An item as it is stored; its vector travels in a packed array beside it. */
export interface StoredItem {
  readonly id: string;
  readonly meta: Meta;
  readonly fields: TextFields;
  readonly thumbnail: Blob | null;
  readonly original: Blob | null;
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
}

type Named<T = unknown> = { readonly collection: string } & T;
type Call<A, R> = (args: A, context: CallContext<never>) => Promise<R>;

/** Worker of the store. Every write is durable when its promise resolves. */
export interface StoreContract {
  open: Call<CollectionIdentity, CollectionSummary>;
  collections: Call<null, readonly CollectionSummary[]>;
  /** Drops a collection and everything in it. */
  drop: Call<Named, void>;
  /** Adds or replaces items; `vectors` holds one row of `dimension` per item. */
  put: Call<
    Named<{ readonly items: readonly StoredItem[]; readonly vectors: Float32Array<ArrayBuffer> }>,
    void
  >;
  /**
   * Replaces the vectors of rough items, which are rough no longer; all else of them stays. `vectors`
   * holds one row per id. False, in order, for an item that is gone or was not rough: it stays as it is.
   */
  refine: Call<
    Named<{ readonly ids: readonly string[]; readonly vectors: Float32Array<ArrayBuffer> }>,
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
  clear: Call<Named, void>;
  count: Call<Named, number>;
  ids: Call<Named, readonly string[]>;
  /** Exact cosine search, best first. */
  search: Call<
    Named<{
      readonly vector: Float32Array<ArrayBuffer>;
      readonly limit: number;
      readonly where: Where | null;
    }>,
    readonly StoreHit[]
  >;
}
