/** What the bench page offers to the driver. Each function takes one argument that JSON can say. */

/** What is being measured. */
export interface OpenedModel {
  readonly model: string;
  readonly version: string;
  readonly dimension: number;
  readonly device: string;
  /** WASM threads of the image tower. */
  readonly threads: number;
}

export interface MadePhotos {
  readonly count: number;
  /** Means per photo. */
  readonly bytes: number;
  readonly pixels: number;
}

export interface IndexedPhotos {
  readonly added: number;
  readonly failed: readonly string[];
  readonly ms: number;
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
  open(assets: string): Promise<OpenedModel>;
  /** Rows as base64 of little-endian float32. */
  embedTexts(texts: readonly string[]): Promise<string>;
  /** As {@link embedTexts}, for pictures by URL. */
  embedImages(urls: readonly string[]): Promise<string>;
  /** Makes photos of `pixels` pixels out of the pictures at `urls`, and keeps them in the page. */
  makePhotos(request: {
    readonly urls: readonly string[];
    readonly count: number;
    readonly pixels: number;
  }): Promise<MadePhotos>;
  /** Adds the first `count` of those photos to an empty collection. */
  indexPhotos(request: { readonly count: number }): Promise<IndexedPhotos>;
  /** Fills a collection with random unit vectors; resolves to milliseconds. */
  addVectors(request: { readonly count: number }): Promise<number>;
  /** Times one query after the other against that collection. */
  timeQueries(request: { readonly texts: readonly string[] }): Promise<QueryTimes>;
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
