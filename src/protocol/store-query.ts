/** Searches of the store beyond the plain one: by words, by several signals, ordered, grouped, page by page. */
import type { LexicalWeights } from '../core/lexical-weights';
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import type { TokenVectors } from '../core/token-vectors';
import type { ItemRecord } from './store-contract';
import type { Where } from './where';

/** Orders hits by a field of their meta. */
export interface SortBy {
  /** A field of meta, or a path with dots. */
  readonly field: string;
  /** @default 'asc' */
  readonly order?: 'asc' | 'desc';
  /**
   * `date`: numbers are milliseconds since 1970, strings are dates of ISO 8601, as in filters.
   * @default numbers and strings as they are
   */
  readonly type?: 'date';
}

/** What each signal says of a query and an item; absent where it was not asked, or the item has none. */
export interface HitScores {
  /** Cosine, −1…1. */
  readonly dense?: number;
  /** BM25+ of the item's texts, from 0, of no scale. */
  readonly keyword?: number;
  /** As of `lexicalScore`, from 0. */
  readonly sparse?: number;
  /** As of `colbertScore`, −1…1. */
  readonly colbert?: number;
}

/** What hits were grouped by. */
export interface HitGroup {
  readonly value: string | number | boolean | null;
  /** How many of the hits have it, this one included. */
  readonly count: number;
}

/** How much each signal counts: not negative, one of them above 0. */
export interface FusionWeights {
  /** @default 0 */
  readonly dense?: number;
  /** @default 0 */
  readonly keyword?: number;
  /** @default 0 */
  readonly sparse?: number;
}

/**
 * How several signals become one score: as the weighted mean of those that an item has, each brought to
 * 0…1, or by the ranks alone (reciprocal rank fusion).
 */
export type Fusion = 'rrf' | FusionWeights;

/** How far a page reaches. */
export interface StorePage {
  /** At most so many hits. */
  readonly limit: number;
  /** The query in some form that tells it from others: a cursor leads on with the same one only. */
  readonly queryKey: string;
}

/** What is searched for. At least one of `vector` and `text` is there. */
export interface StoreQuery extends StorePage {
  /** Unit vector. @default null: items are found by their words only */
  readonly vector: Float32Array<ArrayBuffer> | null;
  /** Its words are looked for in the items' texts. @default null */
  readonly text: string | null;
  /** Weights of the query's tokens. @default null */
  readonly sparse: LexicalWeights | null;
  /** Token vectors of the query: the best hits are ordered by them. @default null */
  readonly tokens: TokenVectors | null;
  readonly fusion: Fusion;
  readonly where: Where | null;
  readonly calibration: RelevanceCalibration | null;
  /** Hits that are less sure are left out, 0…1. */
  readonly leastConfidence: number;
  /** Null: the best first. */
  readonly sort: SortBy | null;
  /** A field of which each value is to be there once. */
  readonly groupBy: string | null;
  /** The least cosine of two hits that count as one. */
  readonly collapse: number | null;
  /** Null: the first page of several. Undefined: there is to be one only. */
  readonly cursor: string | null | undefined;
}

/** A hit of a {@link StoreQuery}. */
export interface QueryHit extends ItemRecord {
  /** That by which hits are ranked. */
  readonly score: number;
  readonly scores: HitScores;
  /** 0…1. */
  readonly confidence: number;
  /** There when hits are grouped; null for one without the field. */
  readonly group?: HitGroup | null;
  /** There when hits are collapsed: ids of those that this one stands for. */
  readonly duplicates?: readonly string[];
}

/** A page. */
export interface QueryResult {
  readonly hits: readonly QueryHit[];
  /** How many were not sure enough. */
  readonly omitted: number;
  /** Null behind the last page. */
  readonly nextCursor: string | null;
}
