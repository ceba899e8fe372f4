/** What the bench page offers to the driver. Each function takes one argument that JSON can say. */

export interface OpenRequest {
  /** URL of the assets folder, ending in `/`. */
  readonly assets: string;
  /** Number format of the image tower. @default the model's first */
  readonly imageDtype?: string;
}

/** What is being measured. */
export interface OpenedModel {
  readonly model: string;
  readonly version: string;
  readonly dimension: number;
  readonly device: string;
  /** Number format of the image tower. */
  readonly imageDtype: string;
  /** WASM threads of the image tower. */
  readonly threads: number;
}

export interface PhotoRequest {
  /** A picture in any size. */
  readonly url: string;
  /** How many the photo is to have. */
  readonly pixels: number;
  /** Of its grain. */
  readonly seed: number;
}

export interface IndexedPhotos {
  readonly added: number;
  readonly failed: readonly string[];
  readonly ms: number;
}

/** Milliseconds per query, in order. */
export interface PacedTimes {
  readonly encode: readonly number[];
  readonly search: readonly number[];
}

export interface PacedRequest {
  /** Are asked in turn. */
  readonly texts: readonly string[];
  /** From the start of one query to that of the next, at least. */
  readonly everyMs: number;
}

export interface BesideRequest extends PacedRequest {
  /** The picked files, which are repeated as often as needed. */
  readonly photos: number;
  /** How long indexing is watched before the queries begin, at least. */
  readonly aloneMs: number;
}

/** Photos that were stored within some time. */
export interface WatchedPhotos {
  readonly photos: number;
  readonly ms: number;
}

export interface BesideIndexing {
  readonly times: PacedTimes;
  /** Indexing before the queries began, and while they were asked. */
  readonly alone: WatchedPhotos;
  readonly beside: WatchedPhotos;
}

/** Milliseconds per query, in order. */
export interface QueryTimes {
  readonly encode: readonly number[];
  readonly search: readonly number[];
  /** `search(text)`: both in one call. */
  readonly together: readonly number[];
}

export interface SearchTimes {
  /** `search({ vector })` of the SDK: worker, kernel, records. */
  readonly sdk: readonly number[];
  /** A plain loop in the page over one Float32Array, which keeps the best rows. */
  readonly plain: readonly number[];
  /** Share of queries for which both give the same rows. */
  readonly equal: number;
}

export interface BenchPage {
  /** Loads the model under that assets folder, in place of the one before. */
  open(request: OpenRequest): Promise<OpenedModel>;
  /** Rows as base64 of little-endian float32. */
  embedTexts(texts: readonly string[]): Promise<string>;
  /** As {@link embedTexts}, for pictures by URL. */
  embedImages(urls: readonly string[]): Promise<string>;
  /** A JPEG in base64. */
  makePhoto(request: PhotoRequest): Promise<string>;
  /** Adds the first `count` of the picked files to an empty collection. */
  indexPhotos(request: { readonly count: number }): Promise<IndexedPhotos>;
  /** Fills a collection with random unit vectors; resolves to milliseconds. */
  addVectors(request: { readonly count: number }): Promise<number>;
  /** Times one query after the other against that collection. */
  timeQueries(request: { readonly texts: readonly string[] }): Promise<QueryTimes>;
  /** Times each text once, slowly, against that collection; each was asked once before. */
  timePaced(request: PacedRequest): Promise<PacedTimes>;
  /** The same, as often as indexing of photos takes to be watched, while they are indexed. */
  timeBesideIndexing(request: BesideRequest): Promise<BesideIndexing>;
  /** Times searches by vector against that collection, and a plain loop over the same vectors. */
  timeSearches(request: { readonly count: number }): Promise<SearchTimes>;
}

declare global {
  interface Window {
    /** Set when the bench page is ready. */
    bench?: BenchPage;
    /** Set by the cold-start page: milliseconds since navigation at its first result. */
    coldStart?: { readonly ms: number; readonly error: string | null };
  }
}
