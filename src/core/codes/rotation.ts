/**
 * A random rotation that costs n·log n: random signs, a fast Walsh–Hadamard transform, several times
 * over (Ailon and Chazelle 2009, "The fast Johnson–Lindenstrauss transform"). It spreads what a
 * vector says over all of its numbers, so that the sign of each tells about as much as any other's.
 *
 * The transform wants a power of two. Other dimensions transform the first and the last `block`
 * numbers in turn, `block` being the largest power of two that fits, and mix the halves in between by
 * rotations of 45 degrees, as the RaBitQ library does: without those, two blocks that hardly overlap
 * would exchange next to nothing.
 *
 * The same seed gives the same rotation, to the bit, in every engine: there are additions and
 * products of float32 alone, each rounded once.
 */
import { PhotoglotError } from '../../errors';

/** The largest dimension: a transform of it takes a millisecond, and no encoder has more. */
export const MAX_DIMENSION = 65_536;

/** Rounds for a power of two: one alone leaves sparse vectors with many equal numbers. */
const WHOLE_ROUNDS = 2;

/** Rounds otherwise: each end is transformed twice. */
const SPLIT_ROUNDS = 4;

/** An orthonormal map of vectors of one dimension. */
export class Rotation {
  readonly dimension: number;
  readonly #block: number;
  /** Of each round `dimension` times 1 or −1. */
  readonly #signs: readonly Float32Array[];

  /**
   * @param dimension 1 to {@link MAX_DIMENSION}
   * @param seed any 32 bits
   * Throws `invalid-input` for another dimension.
   */
  constructor(dimension: number, seed: number) {
    if (!Number.isInteger(dimension) || dimension < 1 || dimension > MAX_DIMENSION) {
      throw new PhotoglotError(
        'invalid-input',
        `A rotation has a dimension from 1 to ${MAX_DIMENSION}, got ${dimension}.`,
      );
    }
    this.dimension = dimension;
    this.#block = 2 ** floorLog2(dimension);
    const rounds = this.#block === dimension ? WHOLE_ROUNDS : SPLIT_ROUNDS;
    const signs = randomSigns(dimension * rounds, seed);
    this.#signs = Array.from({ length: rounds }, (_, round) =>
      signs.slice(round * dimension, (round + 1) * dimension),
    );
  }

  /** Rotates `vector`, of `dimension` numbers, in place. Throws `dimension-mismatch`. */
  apply(vector: Float32Array): void {
    const { dimension } = this;
    if (vector.length !== dimension) {
      throw new PhotoglotError(
        'dimension-mismatch',
        `This rotation is for ${dimension} numbers, got ${vector.length}.`,
      );
    }
    const rest = dimension - this.#block;
    this.#signs.forEach((signs, round) => {
      multiply(vector, signs);
      hadamard(vector, round % 2 === 0 ? 0 : rest, this.#block);
      if (rest > 0) mixHalves(vector);
    });
  }
}

function multiply(vector: Float32Array, signs: Float32Array): void {
  for (let index = 0; index < vector.length; index++) {
    vector[index] = (vector[index] ?? 0) * (signs[index] ?? 0);
  }
}

/**
 * The orthonormal Walsh–Hadamard transform of `length` numbers from `start`, a power of two. Two steps
 * at once, which halves the traffic with memory; an odd one is done first.
 */
function hadamard(vector: Float32Array, start: number, length: number): void {
  const end = start + length;
  let step = 1;
  if (floorLog2(length) % 2 === 1) {
    for (let index = start; index < end; index += 2) {
      const left = vector[index] ?? 0;
      const right = vector[index + 1] ?? 0;
      vector[index] = left + right;
      vector[index + 1] = left - right;
    }
    step = 2;
  }
  for (; step < length; step *= 4) {
    for (let group = start; group < end; group += 4 * step) {
      for (let index = group; index < group + step; index++) {
        const second = index + step;
        const third = second + step;
        const fourth = third + step;
        const a = vector[index] ?? 0;
        const b = vector[second] ?? 0;
        const c = vector[third] ?? 0;
        const d = vector[fourth] ?? 0;
        const sumAb = Math.fround(a + b);
        const differenceAb = Math.fround(a - b);
        const sumCd = Math.fround(c + d);
        const differenceCd = Math.fround(c - d);
        vector[index] = sumAb + sumCd;
        vector[second] = differenceAb + differenceCd;
        vector[third] = sumAb - sumCd;
        vector[fourth] = differenceAb - differenceCd;
      }
    }
  }
  const scale = Math.fround(1 / Math.sqrt(length));
  for (let index = start; index < end; index++) vector[index] = (vector[index] ?? 0) * scale;
}

/** Number i and its counterpart of the other half: their sum and difference, over √2. */
function mixHalves(vector: Float32Array): void {
  const half = vector.length >> 1;
  const from = vector.length - half;
  const scale = Math.fround(Math.SQRT1_2);
  for (let index = 0; index < half; index++) {
    const left = vector[index] ?? 0;
    const right = vector[from + index] ?? 0;
    vector[index] = Math.fround(left + right) * scale;
    vector[from + index] = Math.fround(left - right) * scale;
  }
}

/** By counting bits: engines may round `Math.log2` differently. */
function floorLog2(value: number): number {
  return 31 - Math.clz32(value);
}

/** Signs from the bits of SplitMix32, 32 at a time. */
function randomSigns(count: number, seed: number): Float32Array {
  const signs = new Float32Array(count);
  let state = seed | 0;
  let bits = 0;
  for (let index = 0; index < count; index++) {
    if (index % 32 === 0) {
      state = (state + 0x9e3779b9) | 0;
      bits = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
      bits ^= bits >>> 15;
    }
    signs[index] = (bits >>> (index % 32)) & 1 ? 1 : -1;
  }
  return signs;
}
