/** What the search page times, of whichever side. */
import type { Built, SearchTask } from './search-page';
import type { Vectors } from './search-rows';

/** An index that can be asked. */
export interface SearchIndex {
  /** Rows of the best vectors, best first. */
  search(vector: Vectors, limit: number): Promise<readonly number[]>;
}

export interface SearchSide {
  /** Before anything is timed. */
  prepare(task: SearchTask): Promise<void>;
  /** `onRows` hears how many rows it has so far. */
  build(task: SearchTask, onRows: (rows: number) => void): Promise<Built & { index: SearchIndex }>;
  /** What `build` kept. */
  open(task: SearchTask): Promise<SearchIndex>;
}
