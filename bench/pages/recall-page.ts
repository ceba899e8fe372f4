/** What the recall page offers to the driver. */
import type { Truth } from './search-page';

export interface RecallPage {
  /** Loads the model under that assets folder, ending in `/`. */
  open(request: { readonly assets: string }): Promise<{
    readonly model: string;
    readonly version: string;
    readonly dimension: number;
  }>;
  /** Rows as base64 of little-endian float32. */
  embedTexts(texts: readonly string[]): Promise<string>;
  /** Likewise, of pictures by URL. */
  embedImages(urls: readonly string[]): Promise<string>;
  /** Likewise, of `count` squares of one picture, at random places and of random sizes. */
  embedCrops(request: CropsRequest): Promise<string>;
  /** Imports the vectors of an NPY file, so many, into the collection. */
  fill(request: { readonly rows: string; readonly count: number }): Promise<void>;
  /** What is to be found among the vectors of one NPY file by those of another. */
  truth(request: RecallRequest): Promise<Truth>;
  /** Asks the collection. */
  ask(request: { readonly queries: string }): Promise<{
    readonly ms: readonly number[];
    /** By query the rows that were found. */
    readonly found: readonly (readonly number[])[];
  }>;
}

export interface CropsRequest {
  readonly url: string;
  readonly count: number;
  readonly seed: number;
}

/** URLs of NPY files. */
export interface RecallRequest {
  readonly rows: string;
  readonly queries: string;
}

declare global {
  interface Window {
    /** Set when the recall page is ready. */
    recall?: RecallPage;
  }
}
