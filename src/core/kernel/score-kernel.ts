/** What scores rows against a query: one interface, two implementations beside this file. */

/** Rows per call of {@link RowMemory.score}: enough to hide the call, few enough for the cache. */
export const BLOCK_ROWS = 4096;

/** Memory for rows of one dimension, and the scores of a query against them. */
export interface RowMemory {
  /**
   * Makes room for `rows` rows in all, and returns the numbers of all of it, row after row.
   * What was there stays; views from before a call that grew are stale. Throws `too-large`.
   */
  reserve(rows: number): Float32Array<ArrayBuffer>;
  /**
   * Dot products of `query` with rows `first` … `first + count − 1`; `count` is at most
   * {@link BLOCK_ROWS}. The scores are overwritten by the next call.
   */
  score(query: Float32Array, first: number, count: number): Float32Array;
}

/** A way to compute scores. */
export interface ScoreKernel {
  readonly name: 'wasm-simd' | 'scalar';
  /** Empty memory for rows of `dimension` numbers. */
  allocate(dimension: number): RowMemory;
}
