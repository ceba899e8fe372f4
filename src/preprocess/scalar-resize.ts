/** The passes of a resize in plain TypeScript, rounded to bytes in between. */
import type { Pixels } from '../core/pixels';
import { PRECISION_BITS, rowsRead, type ResizeKernel } from './resize-kernel';
import type { ResizePasses, ResizePlan } from './resize-passes';

const HALF = 1 << (PRECISION_BITS - 1);

/** Where there is no SIMD. Keeps its scratch from picture to picture: make one per thread. */
export class ScalarResizePasses implements ResizePasses {
  #scratch = new Uint8ClampedArray(0);

  run(source: Pixels, plan: ResizePlan): Uint8ClampedArray<ArrayBuffer> {
    return plan.verticalFirst ? verticalFirst(source, plan) : this.#horizontalFirst(source, plan);
  }

  #horizontalFirst(
    source: Pixels,
    { columns, rows, width, height }: ResizePlan,
  ): Uint8ClampedArray<ArrayBuffer> {
    const { first, last } = rowsRead(rows);
    const line = 3 * width;
    const needed = line * (last - first);
    if (this.#scratch.length < needed) this.#scratch = new Uint8ClampedArray(needed);
    horizontal(source, columns, width, first, last, this.#scratch);
    return vertical(this.#scratch, rows, line, height, first);
  }
}

/** The vertical pass keeps the alpha channel, which the horizontal one then leaves out. */
function verticalFirst(
  source: Pixels,
  { columns, rows, width, height }: ResizePlan,
): Uint8ClampedArray<ArrayBuffer> {
  const data = vertical(source.data, rows, 4 * source.width, height, 0);
  const output = new Uint8ClampedArray(3 * width * height);
  horizontal({ width: source.width, height, data }, columns, width, 0, height, output);
  return output;
}

/** RGBA rows [first, last) → RGB rows of the new width. */
function horizontal(
  source: Pixels,
  { starts, counts, weights, stride }: ResizeKernel,
  width: number,
  first: number,
  last: number,
  output: Uint8ClampedArray,
): void {
  const { data } = source;
  let to = 0;
  for (let y = first; y < last; y++) {
    const line = y * source.width;
    for (let x = 0; x < width; x++) {
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      let at = (line + (starts[x] as number)) * 4;
      let tap = x * stride;
      const end = tap + (counts[x] as number);
      for (; tap < end; tap++, at += 4) {
        const weight = weights[tap] as number;
        red += Math.imul(data[at] as number, weight);
        green += Math.imul(data[at + 1] as number, weight);
        blue += Math.imul(data[at + 2] as number, weight);
      }
      // The array clamps; the shift rounds down, and the half was added first.
      output[to++] = red >> PRECISION_BITS;
      output[to++] = green >> PRECISION_BITS;
      output[to++] = blue >> PRECISION_BITS;
    }
  }
}

/** Rows of `line` bytes, the first of which is row `first` of the source → rows of the new height. */
function vertical(
  input: Uint8ClampedArray,
  { starts, counts, weights, stride }: ResizeKernel,
  line: number,
  height: number,
  first: number,
): Uint8ClampedArray<ArrayBuffer> {
  const output = new Uint8ClampedArray(line * height);
  const sums = new Int32Array(line);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    const count = counts[y] as number;
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[y * stride + tap] as number;
      const from = ((starts[y] as number) - first + tap) * line;
      for (let i = 0; i < line; i++) {
        sums[i] = (sums[i] as number) + Math.imul(input[from + i] as number, weight);
      }
    }
    const to = y * line;
    for (let i = 0; i < line; i++) output[to + i] = (sums[i] as number) >> PRECISION_BITS;
  }
  return output;
}
