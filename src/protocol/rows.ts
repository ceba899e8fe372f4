/** Vectors side by side: row i is `data.subarray(i * dim, (i + 1) * dim)`. */
export interface Rows {
  /** `count × dim` numbers, each row of length 1. */
  readonly data: Float32Array<ArrayBuffer>;
  readonly count: number;
  readonly dim: number;
}
