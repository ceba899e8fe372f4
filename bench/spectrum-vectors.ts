/**
 * Random unit vectors that look like those of `mini` to a search: pictures in any number of dimensions,
 * with the same spectrum and mean, and queries that lie as far from them as texts do.
 *
 * The profiles were measured on 26,000 crops of pictures and 100,000 texts, along the principal axes of
 * the pictures: 17 values at the places (k/16)² of the axes, straight lines in between. In another
 * dimension they are stretched, and their sums kept. Vectors are independent of each other, so that
 * no query has a true match: harder than real ones.
 */
const KNOTS = 16;

/** Sum over all axes, and the shape. */
type Profile = readonly [total: number, shape: readonly number[]];

const ROW_VARIANCE: Profile = [
  0.41066,
  [
    1, 0.394, 0.224, 0.123, 0.0831, 0.0598, 0.043, 0.0305, 0.0205, 0.0133, 0.0079, 0.00436, 0.00216,
    9.34e-4, 3.58e-4, 1.2e-4, 4.01e-5,
  ],
];
const QUERY_VARIANCE: Profile = [
  0.59584,
  [
    1, 1.38, 0.666, 0.531, 0.489, 0.431, 0.39, 0.343, 0.299, 0.257, 0.208, 0.159, 0.112, 0.0609,
    0.0284, 0.0133, 0.00657,
  ],
];
const MEAN_SQUARES: Profile = [
  0.58938,
  [
    1, 4.76, 1.08, 0.0841, 0.0177, 0.0194, 0.00915, 0.00567, 0.00305, 0.00213, 0.00207, 0.00114,
    5.26e-4, 2.1e-4, 1.02e-4, 2.82e-5, 7.6e-6,
  ],
];
const GAP_SQUARES: Profile = [
  0.15577,
  [
    1, 1.7, 0.465, 0.131, 0.0749, 0.0823, 0.0871, 0.0749, 0.0588, 0.0402, 0.0368, 0.029, 0.0211,
    0.0143, 0.00739, 0.0036, 0.00192,
  ],
];
/** Cosine of the angle between the pictures' mean and the way from there to the texts' mean. */
const GAP_COSINE = -0.5627;

export class SpectrumVectors {
  readonly dimension: number;
  readonly #rowDeviation: Float32Array;
  readonly #queryDeviation: Float32Array;
  readonly #rowMean: Float32Array;
  readonly #queryMean: Float32Array;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#rowDeviation = stretch(ROW_VARIANCE, dimension);
    this.#queryDeviation = stretch(QUERY_VARIANCE, dimension);
    const random = randomWords(11);
    const signed = (profile: Profile) =>
      stretch(profile, dimension).map((size) => (random() & 1 ? size : -size));
    this.#rowMean = signed(MEAN_SQUARES);
    this.#queryMean = plus(this.#rowMean, turn(signed(GAP_SQUARES), this.#rowMean, GAP_COSINE));
  }

  /** Rows of block number `block`, one behind the other: the same for the same numbers. */
  rows(block: number, count: number): Float32Array<ArrayBuffer> {
    return this.#draw(this.#rowMean, this.#rowDeviation, 2 * block, count);
  }

  /** Likewise queries. */
  queries(block: number, count: number): Float32Array<ArrayBuffer> {
    return this.#draw(this.#queryMean, this.#queryDeviation, 2 * block + 1, count);
  }

  #draw(mean: Float32Array, deviation: Float32Array, seed: number, count: number) {
    const { dimension } = this;
    const random = randomWords(seed);
    const vectors = new Float32Array(count * dimension);
    for (let start = 0; start < vectors.length; start += dimension) {
      let squares = 0;
      for (let axis = 0; axis < dimension; axis++) {
        const value = (mean[axis] ?? 0) + (deviation[axis] ?? 0) * normal(random);
        vectors[start + axis] = value;
        squares += value * value;
      }
      const scale = 1 / Math.sqrt(squares);
      for (let axis = start; axis < start + dimension; axis++)
        vectors[axis] = (vectors[axis] ?? 0) * scale;
    }
    return vectors;
  }
}

/** Roots of the profile at each axis. */
function stretch([total, shape]: Profile, dimension: number): Float32Array {
  const values = Float64Array.from({ length: dimension }, (_, axis) => {
    const place = KNOTS * Math.sqrt(axis / Math.max(1, dimension - 1));
    const knot = Math.min(KNOTS - 1, Math.floor(place));
    const [from, to] = [(knot / KNOTS) ** 2, ((knot + 1) / KNOTS) ** 2];
    const share = (axis / Math.max(1, dimension - 1) - from) / (to - from);
    return (shape[knot] ?? 0) * (1 - share) + (shape[knot + 1] ?? 0) * share;
  });
  const sum = values.reduce((all, value) => all + value, 0);
  return Float32Array.from(values, (value) => Math.sqrt((value * total) / sum));
}

/** `vector` turned, in the plane of both, until its angle with `axis` has that cosine. */
function turn(vector: Float32Array, axis: Float32Array, cosine: number): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  const unit = axis.map((value) => value / Math.sqrt(dot(axis, axis)));
  const along = dot(vector, unit);
  const across = vector.map((value, index) => value - along * (unit[index] ?? 0));
  const scale = Math.sqrt((1 - cosine * cosine) / dot(across, across));
  return across.map((value, index) => length * (scale * value + cosine * (unit[index] ?? 0)));
}

function plus(left: Float32Array, right: Float32Array): Float32Array {
  return left.map((value, index) => value + (right[index] ?? 0));
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

/** Normally distributed, nearly: the sum of eight bytes, fast enough for a thousand million. */
function normal(random: () => number): number {
  const [first, second] = [random(), random()];
  const sum =
    (first & 255) +
    ((first >>> 8) & 255) +
    ((first >>> 16) & 255) +
    (first >>> 24) +
    (second & 255) +
    ((second >>> 8) & 255) +
    ((second >>> 16) & 255) +
    (second >>> 24);
  // Mean and deviation of a byte are 127.5 and √((256² − 1) / 12).
  return (sum - 8 * 127.5) / Math.sqrt((8 * 65_535) / 12);
}

/** 32 random bits at a time (sfc32: a state of 128 bits, so that blocks do not run into each other). */
function randomWords(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88, 1];
  const next = () => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + word) | 0;
    return word >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** Unit vectors in all directions alike: what embeddings are not. */
export function noiseVectors(
  dimension: number,
  seed: number,
  count: number,
): Float32Array<ArrayBuffer> {
  const random = randomWords(seed);
  const vectors = new Float32Array(count * dimension);
  for (let start = 0; start < vectors.length; start += dimension) {
    const vector = vectors.subarray(start, start + dimension);
    for (let axis = 0; axis < dimension; axis++) vector[axis] = normal(random);
    const scale = 1 / Math.sqrt(dot(vector, vector));
    for (let axis = 0; axis < dimension; axis++) vector[axis] = (vector[axis] ?? 0) * scale;
  }
  return vectors;
}
