/** Everything that the page shows, as data. */
import type { LensInfo, PhotoglotErrorCode } from 'photoglot';
import type { Photo } from './photo';
import type { Problem } from './problem';

/** The model on its way to being useful. */
export type ModelState =
  | {
      readonly kind: 'loading';
      readonly loaded: number;
      readonly total: number;
      /** Seconds; null until known. */
      readonly remaining: number | null;
      /** Whether another tab downloads it, and this one waits. */
      readonly elsewhere: boolean;
    }
  | { readonly kind: 'ready'; readonly info: LensInfo; readonly bytes: number }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** A run of adding photos. */
export interface IndexingState {
  readonly status: 'idle' | 'running' | 'pausing' | 'paused' | 'cancelling' | 'failed';
  /** Photos added, skipped or failed in this run. */
  readonly done: number;
  readonly total: number;
  /** Photos per second; 0 until known. */
  readonly rate: number;
  /** Seconds; null until known. */
  readonly remaining: number | null;
  /** Shared by all photos of the run: milliseconds since 1970. */
  readonly stamp: number;
  /** Why a run stopped, with status `failed`. */
  readonly problem: Problem | null;
}

/** How a run ended. */
export interface IndexingReport {
  readonly added: number;
  readonly skipped: number;
  readonly failed: number;
  readonly cancelled: boolean;
}

/** A file that could not be added. */
export interface Failure {
  readonly name: string;
  readonly code: PhotoglotErrorCode;
}

/** What is searched for. */
export type ActiveQuery =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'like'; readonly id: string }
  | { readonly kind: 'picture'; readonly picture: File };

/** What came of it. The photos of the last answer stay until the next one is there. */
export interface SearchState {
  readonly status: 'idle' | 'waiting' | 'running' | 'done' | 'failed';
  readonly query: ActiveQuery | null;
  /** The good answers, best first. */
  readonly photos: readonly Photo[];
  /** The rest of the ranking. */
  readonly others: readonly Photo[];
  readonly problem: Problem | null;
}

export interface AppState {
  readonly model: ModelState;
  /** All photos, newest first; null until they have been read. */
  readonly library: readonly Photo[] | null;
  /** How many photos there probably are, while the library is read. */
  readonly expected: number;
  readonly indexing: IndexingState;
  readonly report: IndexingReport | null;
  readonly failures: readonly Failure[];
  readonly search: SearchState;
  /** Id of the photo shown large. */
  readonly selected: string | null;
  /** Whether a newer version of the page waits to take over. */
  readonly updateReady: boolean;
  /** What a screen reader says next. */
  readonly announcement: string;
}

export const IDLE: IndexingState = {
  status: 'idle',
  done: 0,
  total: 0,
  rate: 0,
  remaining: null,
  stamp: 0,
  problem: null,
};

export const NO_SEARCH: SearchState = {
  status: 'idle',
  query: null,
  photos: [],
  others: [],
  problem: null,
};

/** The model before anything is known of it. */
export const LOADING: ModelState = {
  kind: 'loading',
  loaded: 0,
  total: 0,
  remaining: null,
  elsewhere: false,
};

/** The page before anything has happened. */
export function initialState(expected: number): AppState {
  return {
    model: LOADING,
    library: null,
    expected,
    indexing: IDLE,
    report: null,
    failures: [],
    search: NO_SEARCH,
    selected: null,
    updateReady: false,
    announcement: '',
  };
}
