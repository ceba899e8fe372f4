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
  /** A JPEG in base64. */
  makePhoto(request: PhotoRequest): Promise<string>;
  /** Adds the first `count` of the picked files to an empty collection. */
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
