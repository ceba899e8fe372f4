/** Rows and queries for tests of the code kernels, and what is right for them, in float64. */
import { randomNumbers } from './random-numbers';

/** Rows of codes with one bit per dimension. */
export interface TestRows {
  readonly dimension: number;
  readonly count: number;
  readonly words: number;
  /** [count, words · 16] */
  readonly bits: Uint8Array;
  readonly offsets: Float32Array;
  readonly factors: Float32Array;
}

export interface TestQuery {
  readonly bits: Uint8Array<ArrayBuffer>;
  /** [words · 128] */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly base: number;
  readonly step: number;
}

/** Made once per shape, as all kernels are tested with the same. */
const made = new Map<string, TestRows>();

export function randomRows(dimension: number, count: number): TestRows {
  const shape = `${String(count)}x${String(dimension)}`;
  const rows = made.get(shape) ?? makeRows(dimension, count);
  made.set(shape, rows);
  return rows;
}

export function randomQuery(dimension: number): TestQuery {
  const next = randomNumbers(2);
  const words = Math.ceil(dimension / 128);
  const weights = new Float32Array(128 * words);
  weights.set(Float32Array.from({ length: dimension }, next));
  return {
    bits: randomBits(next, dimension, words, 1),
    weights,
    base: Math.fround(next()),
    step: Math.fround(0.02),
  };
}

function makeRows(dimension: number, count: number): TestRows {
  const next = randomNumbers(1);
  const words = Math.ceil(dimension / 128);
  return {
    dimension,
    count,
    words,
    bits: randomBits(next, dimension, words, count),
    offsets: Float32Array.from({ length: count }, next),
    factors: Float32Array.from({ length: count }, next),
  };
}

/** A score in float64, and the sum of the sizes of what was added up: what rounding scales with. */
export interface Reference {
  readonly score: number;
  readonly size: number;
}

export function signReference(rows: TestRows, query: TestQuery): Reference[] {
  return references(rows.count, rows.dimension, (row, index) => {
    const weight = query.weights[index] ?? NaN;
    const factor = rows.factors[row] ?? NaN;
    return factor * (hasBit(rows.bits, 128 * rows.words * row + index) ? weight : -weight);
  }).map(({ score, size }, row) => {
    const offset = rows.offsets[row] ?? NaN;
    return {
      score: query.base + offset + score,
      size: Math.abs(query.base) + Math.abs(offset) + size,
    };
  });
}

/** Per row how many bits differ. */
export function distancesOf({ bits, words, count }: TestRows, query: TestQuery): number[] {
  const size = 16 * words;
  return Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let at = 0; at < size; at++) {
      for (let left = (bits[row * size + at] ?? 0) ^ (query.bits[at] ?? 0); left > 0; left >>= 1) {
        sum += left & 1;
      }
    }
    return sum;
  });
}

/** The bits of the rows that are accepted; ones behind the last row, which mean nothing. */
export function filterBits(count: number, accept: (row: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(count / 8)).fill(0xff);
  for (let row = 0; row < count; row++) {
    if (!accept(row)) bits[row >> 3] = (bits[row >> 3] ?? 0) & ~(1 << (row & 7));
  }
  return bits;
}

/** Per row what the first pass ranks it by. */
export function roughReference(rows: TestRows, query: TestQuery): Reference[] {
  return distancesOf(rows, query).map((distance, row) => {
    const [offset, factor] = [rows.offsets[row] ?? NaN, rows.factors[row] ?? NaN];
    const product = factor * query.step * (rows.dimension - 2 * distance);
    return { score: offset + product, size: Math.abs(offset) + Math.abs(product) };
  });
}

/** Of `count` rows the numbers of those that the filter accepts; null accepts all. */
export function acceptedRows(filter: Uint8Array | null, count: number): number[] {
  const all = [...allRows(count)];
  return filter === null ? all : all.filter((row) => hasBit(filter, row));
}

export function allRows(count: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: count }, (_, row) => row);
}

function hasBit(bits: Uint8Array, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

function references(
  count: number,
  dimension: number,
  product: (row: number, index: number) => number,
): Reference[] {
  return Array.from({ length: count }, (_, row) => {
    let [score, size] = [0, 0];
    for (let index = 0; index < dimension; index++) {
      const value = product(row, index);
      score += value;
      size += Math.abs(value);
    }
    return { score, size };
  });
}

/** [count, words] of 128 bits, 0 behind the dimension. */
function randomBits(
  next: () => number,
  dimension: number,
  words: number,
  count: number,
): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(16 * words * count);
  for (let row = 0; row < count; row++) {
    for (let index = 0; index < dimension; index++) {
      const at = 128 * words * row + index;
      if (next() >= 0) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    }
  }
  return bits;
}
