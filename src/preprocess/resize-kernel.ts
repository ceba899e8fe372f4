/**
 * Weights of one pass of an antialiased resize, as Pillow computes them: a filter that grows with
 * the reduction, in fixed point of 22 bits.
 */

export type ResizeFilter = 'bilinear' | 'bicubic';

/** 8 bits of pixel and 2 of headroom for overshoot leave 22 of 32. */
export const PRECISION_BITS = 22;

/** Output i is the sum over j < counts[i] of weights[i · stride + j] · input[starts[i] + j]. */
export interface ResizeKernel {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

const FILTERS = {
  bilinear: { support: 1, at: triangle },
  bicubic: { support: 2, at: cubic },
} as const satisfies Record<ResizeFilter, { support: number; at: (x: number) => number }>;

/** Kernel from the input span [`from`, `to`) of a line of `inputSize` to `outputSize` samples. */
export function resizeKernel(
  filter: ResizeFilter,
  inputSize: number,
  from: number,
  to: number,
  outputSize: number,
): ResizeKernel {
  const { support, at } = FILTERS[filter];
  // Pillow keeps the box in float32, and takes the difference in it.
  const begin = Math.fround(from);
  const scale = Math.fround(Math.fround(to) - begin) / outputSize;
  const filterScale = Math.max(scale, 1);
  const reach = support * filterScale;
  const inverse = 1 / filterScale;
  const stride = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(outputSize);
  const counts = new Int32Array(outputSize);
  const weights = new Int32Array(outputSize * stride);
  const line = new Float64Array(stride);
  for (let i = 0; i < outputSize; i++) {
    const centre = begin + (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const count = Math.min(inputSize, Math.trunc(centre + reach + 0.5)) - start;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const weight = at((j + start - centre + 0.5) * inverse);
      line[j] = weight;
      sum += weight;
    }
    for (let j = 0; j < count; j++) {
      const weight = line[j] ?? 0;
      weights[i * stride + j] = toFixedPoint(sum === 0 ? weight : weight / sum);
    }
    starts[i] = start;
    counts[i] = count;
  }
  return { starts, counts, weights, stride };
}

/** The first sample that the kernel reads, and the one after the last. */
export function rowsRead({ starts, counts }: ResizeKernel): { first: number; last: number } {
  const end = starts.length - 1;
  return { first: starts[0] ?? 0, last: (starts[end] ?? 0) + (counts[end] ?? 0) };
}

/** Outputs [`first`, `last`) of a kernel, for an input that begins with the sample `origin`. */
export function kernelPart(
  { starts, counts, weights, stride }: ResizeKernel,
  first: number,
  last: number,
  origin: number,
): ResizeKernel {
  return {
    starts: starts.subarray(first, last).map((start) => start - origin),
    counts: counts.subarray(first, last),
    weights: weights.subarray(first * stride, last * stride),
    stride,
  };
}

function toFixedPoint(weight: number): number {
  return Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * (1 << PRECISION_BITS));
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/** Keys' cubic with a = −½. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  if (d < 2) return (((d - 5) * d + 8) * d - 4) * a;
  return 0;
}
