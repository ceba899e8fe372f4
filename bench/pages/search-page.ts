/** What the search page offers to the driver: one index at a time, of whichever side. */
import type { RowSet } from './search-rows';

/** A library of `bench/peers`, or a loop that one writes without any. */
export type PeerName = 'hnswlib-wasm' | 'voy-search' | '@orama/orama' | 'plain loop';

export type SideName = 'Photoglot' | PeerName;

export interface SearchTask extends RowSet {
  readonly side: SideName;
}

export interface Built {
  /** Milliseconds to add all rows; for Photoglot they are on the disk then. */
  readonly ms: number;
  /** Milliseconds more to keep the index for the next time; null for Photoglot. */
  readonly saveMs: number | null;
  /** Why it cannot be kept; null when it is. */
  readonly saveFailure: string | null;
}

export interface Timed {
  /** Of each query, from the page's call to its answer. */
  readonly ms: readonly number[];
  /** Of each query the rows that it found, best first. */
  readonly found: readonly (readonly number[])[];
}

export interface TimedFilters {
  /** The same queries without a filter, in turns with those that have one. */
  readonly plain: readonly number[];
  readonly filtered: readonly { readonly percent: number; readonly ms: readonly number[] }[];
}

/** Rows that count as found, by query: those whose exact score is at most so little below the tenth. */
export interface Truth {
  readonly rows: number;
  readonly accepted: readonly (readonly number[])[];
}

export interface TruthRequest {
  readonly sizes: readonly number[];
  readonly dimension: number;
  readonly noise: boolean;
  readonly queries: number;
}

export interface SearchPage {
  /** For each size the truth about its first rows. */
  truth(request: TruthRequest): Promise<readonly Truth[]>;
  /** Loads what no index is part of: the page of Photoglot has a lens. */
  prepare(task: SearchTask): Promise<void>;
  /** Makes an index of all rows, and keeps it. */
  build(task: SearchTask): Promise<Built>;
  /** Rows that are in the index that is being built. */
  built(): number;
  /** Milliseconds from nothing but what is on the disk to the first query's answer. */
  open(task: SearchTask): Promise<number>;
  /** Asks the queries one after the other, behind some that do not count. */
  time(request: { readonly queries: number }): Promise<Timed>;
  /** Likewise with filters that let so many percent of the rows pass. Photoglot only. */
  timeFilters(request: {
    readonly queries: number;
    readonly percents: readonly number[];
  }): Promise<TimedFilters>;
  /** Milliseconds to add rows, which are deleted again. Photoglot only. */
  addRows(request: { readonly count: number }): Promise<number>;
  /** Bytes that the origin keeps on the disk, as the browser tells. */
  usage(): Promise<number>;
}

declare global {
  interface Window {
    /** Set when the search page is ready. */
    search?: SearchPage;
  }
}
