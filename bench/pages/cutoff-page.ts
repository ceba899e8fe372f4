/** What the cutoff page offers to the driver. */

export interface FillRequest {
  /** URL of the assets folder, ending in `/`. */
  readonly assets: string;
  /** Pictures by URL; each URL is its item's id. */
  readonly pictures: readonly string[];
}

export interface AskRequest {
  readonly texts: readonly string[];
  /** Items that are not in the collection meanwhile. */
  readonly without: readonly string[];
  /** As of `search`. */
  readonly cutoff: number | 'auto';
}

/** What a text found. */
export interface Answer {
  /** Ids, best first. */
  readonly hits: readonly string[];
  /** The same without a cutoff. */
  readonly ranked: readonly string[];
}

export interface CutoffPage {
  /** Loads the model, the same as before, and fills a collection. Resolves to `id@version` of the model. */
  fill(request: FillRequest): Promise<string>;
  /** Searches for each text with the default limit; one answer per text, in order. */
  ask(request: AskRequest): Promise<readonly Answer[]>;
}

declare global {
  interface Window {
    /** Set when the cutoff page is ready. */
    cutoff?: CutoffPage;
  }
}
