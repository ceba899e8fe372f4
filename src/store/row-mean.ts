/** What codes are centred by: the mean of rows, which come some at a time. */
export class RowMean {
  readonly #sum: Float64Array;
  #count = 0;

  constructor(dimension: number) {
    this.#sum = new Float64Array(dimension);
  }

  /** @param rows whole rows, one behind the other */
  add(rows: Float32Array): void {
    const dimension = this.#sum.length;
    rows.forEach((value, index) => {
      const column = index % dimension;
      this.#sum[column] = (this.#sum[column] ?? 0) + value;
    });
    this.#count += rows.length / dimension;
  }

  /** Zeros without rows. */
  value(): Float32Array<ArrayBuffer> {
    return Float32Array.from(this.#sum, (sum) => sum / Math.max(1, this.#count));
  }
}

/** 32 random bits, for a rotation that nobody can have fitted vectors to. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
