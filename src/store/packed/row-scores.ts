/** Exact scores of rows whose vectors have to be read first. */
import { decodeFloat16 } from '../../core/codes/float16';
import { dotProduct } from '../../core/dot-product';

/** Room for vectors that are read. */
interface Scratch {
  readonly halves: Uint16Array<ArrayBuffer>;
  readonly floats: Float32Array<ArrayBuffer>;
}

export class RowScores {
  /** One for each search that ran at the same time: megabytes each, which a collector would let pile up. */
  readonly #spare: Scratch[] = [];

  /**
   * The dot products of `count` vectors with `query`.
   * @param read fills in their numbers as float16
   */
  async of(
    query: Float32Array,
    count: number,
    read: (into: Uint16Array<ArrayBuffer>) => Promise<void>,
  ): Promise<Float64Array> {
    const { length: dimension } = query;
    const scratch = this.#take(count * dimension);
    try {
      const halves = scratch.halves.subarray(0, count * dimension);
      await read(halves);
      decodeFloat16(halves, scratch.floats);
      return Float64Array.from({ length: count }, (_, index) =>
        dotProduct(scratch.floats, index * dimension, query, 0, dimension),
      );
    } finally {
      this.#spare.push(scratch);
    }
  }

  #take(numbers: number): Scratch {
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.floats.length >= numbers) return spare;
    return { halves: new Uint16Array(numbers), floats: new Float32Array(numbers) };
  }
}
