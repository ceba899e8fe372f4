/** Times scans of random codes; runs in the page of `search-kernels.mjs`, which passes the kernels. */
import { randomWords } from './random-words.mjs';

/**
 * @typedef {typeof import('../src/core/kernel/binary-table.ts')
 *   & typeof import('../src/core/kernel/wasm-code-kernel.ts')} Kernels
 * @typedef {{
 *   readonly scan: string, readonly kernel: string, readonly median: number, readonly least: number,
 *   readonly most: number, readonly runs: number,
 * }} Timing times in milliseconds
 */

const BITS = 1024;
/** Rows that go on to the next pass. */
const CANDIDATES = 5000;
const BEST = 400;
/** Rows are made and appended so many at a time. */
const PIECE = 10_000;
/** Of what takes hundreds of milliseconds. */
const SLOW_RUNS = 5;

/**
 * @param {Kernels} kernels @param {number} rows @param {number} runs of each scan
 * @returns {Timing[]}
 */
export function measureKernels({ BinaryTable, createWasmCodeKernel }, rows, runs) {
  const random = randomWords(7);
  const query = {
    bits: bytesOf(random, BITS / 8),
    weights: Float32Array.from({ length: BITS }, () => (random() / 2 ** 32 - 0.5) / 16),
    base: 0.1,
    step: 1 / 64,
  };
  const kernel = createWasmCodeKernel();
  if (kernel === null) throw new Error('There is no WASM SIMD here.');
  const table = new BinaryTable(kernel, BITS);
  const plain = new Uint32Array((rows * BITS) / 32);
  for (let done = 0; done < rows; done += PIECE) {
    const count = Math.min(PIECE, rows - done);
    const bits = bytesOf(random, (count * BITS) / 8);
    plain.set(new Uint32Array(bits.buffer), (done * BITS) / 32);
    const offsets = Float32Array.from({ length: count }, () => random() / 2 ** 36);
    const factors = Float32Array.from({ length: count }, () => 0.9 + random() / 2 ** 35);
    table.append({ bits, offsets, factors }, count);
  }
  /** @type {(share: number) => Uint8Array} */
  const filter = (share) => {
    const bits = new Uint8Array(Math.ceil(rows / 8));
    for (let row = 0; row < rows; row++) {
      if (random() < share * 2 ** 32) bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
    }
    return bits;
  };
  const few = table.candidates(query, CANDIDATES, null);
  const many = table.candidates(query, 4 * CANDIDATES, null);
  const name = `${String(rows)} x ${String(BITS)} bits`;
  const first = `${name}, ${String(CANDIDATES)} candidates`;
  /** @type {Record<string, () => unknown>} */
  const scans = { [first]: () => table.candidates(query, CANDIDATES, null) };
  for (const share of [0.01, 0.1, 0.15, 0.5, 1]) {
    const bits = filter(share);
    scans[`${first}, filter of ${String(100 * share)} %`] = () =>
      table.candidates(query, CANDIDATES, bits);
  }
  scans[`closer scores of ${String(few.length)} rows`] = () => table.best(query, BEST, few);
  scans[`closer scores of ${String(many.length)} rows`] = () => table.best(query, BEST, many);
  return [
    ...inTurns('simd', scans, runs),
    ...inTurns(
      'plain loop',
      {
        [`${name}, distances only`]: () =>
          plainDistances(plain, new Uint32Array(query.bits.buffer)),
        [`closer scores of ${String(few.length)} rows, no selection`]: () =>
          plainSigns(plain, few, query.weights),
      },
      Math.min(runs, SLOW_RUNS),
    ),
  ];
}

/**
 * One run of each after the other, so that a slow moment hits all; two rounds before warm up.
 * @param {string} kernel @param {Readonly<Record<string, () => unknown>>} scans @param {number} runs
 * @returns {Timing[]}
 */
function inTurns(kernel, scans, runs) {
  const all = Object.entries(scans).map(([scan, run]) => ({ scan, run, times: [0].slice(1) }));
  for (let round = -2; round < runs; round++) {
    for (const { run, times } of all) {
      const start = performance.now();
      run();
      if (round >= 0) times.push(performance.now() - start);
    }
  }
  return all.map(({ scan, times }) => {
    const sorted = times.toSorted((left, right) => left - right);
    const [least = NaN, median = NaN, most = NaN] = [
      ...[sorted[0], sorted[sorted.length >> 1], sorted.at(-1)],
    ];
    return { scan, kernel, median, least, most, runs };
  });
}

/** @param {Uint32Array} rows @param {Uint32Array} query */
function plainDistances(rows, query) {
  const distances = new Uint16Array(rows.length / query.length);
  for (let row = 0, at = 0; row < distances.length; row++) {
    let sum = 0;
    for (let word = 0; word < query.length; word++, at++) {
      let bits = (rows[at] ?? 0) ^ (query[word] ?? 0);
      bits -= (bits >>> 1) & 0x55555555;
      bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
      sum += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    distances[row] = sum;
  }
  return distances;
}

/** @param {Uint32Array} rows @param {Uint32Array} listed @param {Float32Array} weights */
function plainSigns(rows, listed, weights) {
  const words = weights.length / 32;
  return Float32Array.from(listed, (row) => {
    let sum = 0;
    for (let index = 0; index < weights.length; index++) {
      const bit = ((rows[row * words + (index >> 5)] ?? 0) >>> (index & 31)) & 1;
      const weight = weights[index] ?? 0;
      sum += bit === 1 ? weight : -weight;
    }
    return sum;
  });
}

/** @param {() => number} random @param {number} length a multiple of 4 */
function bytesOf(random, length) {
  return new Uint8Array(Uint32Array.from({ length: length / 4 }, random).buffer);
}
