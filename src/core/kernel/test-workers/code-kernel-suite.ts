/** What every code kernel must do: right by float64, and the same as the scalar one to the last bit. */
import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../../../errors';
import type { ScoredRow } from '../../top-k';
import { bestBytes, clearBest, readBest } from '../best-rows';
import { BinaryTable } from '../binary-table';
import { RANKS, type CodeKernel, type CodeKernelName } from '../code-kernel';
import { createScalarCodeKernel } from '../scalar-code-kernel';
import { createWasmCodeKernel } from '../wasm-code-kernel';
import * as given from './code-rows';
import { randomNumbers } from './random-numbers';

const DIMENSIONS = [1, 3, 16, 100, 128, 384, 1000, 1024];
const COUNTS = [0, 1, 5, 4097];
const SHAPES = DIMENSIONS.flatMap((dimension) => COUNTS.map((count) => ({ dimension, count })));
const CANDIDATES = 700;

/** Rounding of float32, of the sum of sizes. */
const TOLERANCE = 2e-6;

/** What is right does not depend on the kernel: computed once. */
const known = new Map<string, readonly given.Reference[]>();

function once(key: string, compute: () => given.Reference[]): readonly given.Reference[] {
  const found = known.get(key) ?? compute();
  known.set(key, found);
  return found;
}

export function describeCodeKernel(name: CodeKernelName): void {
  describe(`${name} code kernel`, () => {
    test('is there', () => {
      expect(kernelOf(name).name).toBe(name);
    });

    test.each(SHAPES)('finds the nearest of $count codes of $dimension bits', (shape) => {
      const rows = hammingRows(given.randomRows(shape.dimension, shape.count));
      const query = given.randomQuery(shape.dimension);
      const table = binaryTable(kernelOf(name), rows);
      const distances = given.distancesOf(rows, query);
      for (const filter of filters(shape.count)) {
        for (const limit of [1, 3, 500, 10_000]) {
          expect([...table.candidates(query, limit, filter)]).toEqual(
            nearestOf(distances, limit, filter),
          );
        }
      }
    });

    test.each(SHAPES)('finds the best of $count codes of $dimension bits, roughly', (shape) => {
      const rows = given.randomRows(shape.dimension, shape.count);
      const query = given.randomQuery(shape.dimension);
      const table = binaryTable(kernelOf(name), rows);
      const scalar = binaryTable(kernelOf('scalar'), rows);
      const right = given.roughReference(rows, query);
      for (const filter of filters(shape.count)) {
        const found = table.candidates(query, CANDIDATES, filter);
        // Scores lie in ±(1 + step · dimension): one rank, and rounding.
        const rank = (2 * (1 + query.step * shape.dimension)) / RANKS;
        expectCandidates(found, right, 1.001 * rank, filter);
        expect(found).toEqual(scalar.candidates(query, CANDIDATES, filter));
      }
    });

    test('counts as many bits as codes may have, across chunks', () => {
      const [dimension, count] = [65_408, 300];
      const next = randomNumbers(3);
      const bits = Uint8Array.from({ length: (dimension / 8) * count }, () => 128 * next());
      const rows = hammingRows({ ...given.randomRows(1, count), dimension, words: 511, bits });
      const query = { ...given.randomQuery(1), bits: bits.slice(dimension / 8, dimension / 4) };
      // The first differs in every bit, the second in none; the last in one.
      bits.set(query.bits.map((byte) => ~byte));
      bits.set(query.bits, (dimension / 8) * 299);
      bits[bits.length - 1] = 0x80 ^ (bits.at(-1) ?? 0);
      const table = binaryTable(kernelOf(name), rows);
      expect(given.distancesOf(rows, query).filter((distance) => distance < 2)).toEqual([0, 1]);
      expect([...table.candidates(query, 2, null)]).toEqual([1, 299]);
      expect([...table.candidates(query, 299, null)]).not.toContain(0);
    });

    test('of equal ranks the earlier rows are candidates, across chunks', () => {
      const bits = new Uint8Array(2048 * 2000).fill(0xff, 2048 * 1998, 2048 * 1999);
      const rows = { ...given.randomRows(1, 2000), dimension: 16_384, words: 128, bits };
      const table = binaryTable(kernelOf(name), hammingRows(rows));
      const query = { ...given.randomQuery(1), bits: new Uint8Array(2048).fill(0xff) };
      expect([...table.candidates(query, 4, null)]).toEqual([0, 1, 2, 1998]);
      const found = [...table.candidates(query, 1900, null)];
      expect(found).toEqual([...Array(1899).keys(), 1998]);
      const odd = given.filterBits(2000, (row) => row % 2 === 1);
      expect([...table.candidates(query, 3, odd)]).toEqual([1, 3, 5]);
    });

    test('ranks scores between the top and the last, and what is not a number last', () => {
      const { memory, roughRanks } = kernelOf(name);
      const [codes, query, histogram] = [memory.take(128), memory.take(16), memory.take(4 * RANKS)];
      const [offsets, factors, ranks] = [memory.take(32), memory.take(32), memory.take(128)];
      memory.floats(offsets, 8).set([1, 1.5, 0, -1, 1e9, -1e9, NaN, -Infinity]);
      roughRanks(0, 8, codes, 1, 128, query, 1, offsets, factors, 1, 4096, 0, ranks, histogram);
      const last = RANKS - 1;
      const expected = [0, 0, 4096, 8192, 0, last, last, last];
      expect([...new Uint16Array(memory.buffer, ranks, 8)]).toEqual(expected);
      const counts = memory.words(histogram, RANKS);
      expect([0, 4096, 8192, last].map((rank) => counts[rank])).toEqual([3, 1, 1, 3]);
    });

    test.each(SHAPES)('finds the best of $count codes of $dimension bits, closely', (shape) => {
      const { dimension, count } = shape;
      const rows = given.randomRows(dimension, count);
      const query = given.randomQuery(dimension);
      const table = binaryTable(kernelOf(name), rows);
      const scalar = binaryTable(kernelOf('scalar'), rows);
      const right = once(`${String(count)}x${String(dimension)}`, () =>
        given.signReference(rows, query),
      );
      for (const filter of filters(count)) {
        const asked = Uint32Array.from(given.acceptedRows(filter, count));
        const limit = filter === null ? 3000 : 10;
        const hits = table.best(query, limit, asked);
        expectBest(hits, right, limit, asked);
        expect(hits).toEqual(scalar.best(query, limit, asked));
      }
    });

    test('of equal scores the earlier row is the better', () => {
      const once = given.randomRows(48, 3);
      const query = given.randomQuery(48);
      const [first] = binaryTable(kernelOf(name), once).best(query, 1, given.allRows(3));
      const equal = Array.from({ length: 1024 }, (_, index) => (first?.row ?? NaN) + 3 * index);
      const table = binaryTable(kernelOf(name), repeated(once, 2000));
      const hits = table.best(query, 1024, given.allRows(6000));
      expect(hits.map(({ row }) => row)).toEqual(equal);
      expect(new Set(hits.map(({ score }) => score))).toEqual(new Set([first?.score]));
    });

    test('what is not a number never enters, infinity does', () => {
      const { memory, offer } = kernelOf(name);
      const [scores, list] = [memory.take(4 * 7), memory.take(4 * 7)];
      const best = memory.take(bestBytes(10));
      memory.floats(scores, 7).set([NaN, 1, Infinity, NaN, -Infinity, 2, NaN]);
      memory.words(list, 7).set([0, 10, 20, 30, 40, 50, 60]);
      clearBest(memory, best, 10);
      offer(7, scores, list, best);
      expect(readBest(memory, best).map(({ row }) => row)).toEqual([20, 50, 10, 40]);
    });

    test('scans what was appended in pieces, across chunks, and goes on where it was', () => {
      const [dimension, bytes, count] = [16_384, 2048, 2600];
      const next = randomNumbers(4);
      const bits = Uint8Array.from({ length: bytes * count }, () => 256 * next());
      const rows = { ...given.randomRows(1, count), dimension, words: bytes / 16, bits };
      const query = given.randomQuery(dimension);
      const table = new BinaryTable(kernelOf(name), dimension);
      for (const [from, to] of [
        [0, 1],
        [1, 1023],
        [1023, 1024],
        [1024, count],
      ] as const) {
        const more = {
          bits: bits.subarray(bytes * from),
          offsets: rows.offsets.subarray(from),
          factors: rows.factors.subarray(from),
        };
        table.append(more, to - from);
        expect(table.count).toBe(to);
        const whole = binaryTable(kernelOf('scalar'), { ...rows, count: to });
        expect(table.best(query, 20, given.allRows(to))).toEqual(
          whole.best(query, 20, given.allRows(to)),
        );
        expect(table.candidates(query, 20, null)).toEqual(whole.candidates(query, 20, null));
      }
    });

    test('what does not fit is refused, and the rows of before are there', () => {
      const table = new BinaryTable(kernelOf(name), 256);
      const rows = given.randomRows(256, 3);
      const query = given.randomQuery(256);
      table.append(rows, 3);
      for (const column of ['bits', 'offsets', 'factors'] as const) {
        const cut = { ...rows, [column]: rows[column].subarray(1) };
        expect(failureOf(() => table.append(cut, 3))).toBe('dimension-mismatch');
      }
      for (const column of ['offsets', 'factors'] as const) {
        const broken = { ...rows, [column]: Float32Array.of(0, NaN, 0) };
        expect(failureOf(() => table.append(broken, 3))).toBe('invalid-input');
      }
      const other = given.randomQuery(128);
      expect(failureOf(() => table.candidates(other, 1, null))).toBe('dimension-mismatch');
      expect(failureOf(() => table.best(other, 1, Uint32Array.of(0)))).toBe('dimension-mismatch');
      for (const limit of [0, 1.5, NaN]) {
        expect(failureOf(() => table.candidates(query, limit, null))).toBe('invalid-input');
        expect(failureOf(() => table.best(query, limit, Uint32Array.of(0)))).toBe('invalid-input');
      }
      const short = new Uint8Array(0);
      expect(failureOf(() => table.candidates(query, 1, short))).toBe('invalid-input');
      for (const numbers of [[3], [1, 1], [2, 0]]) {
        const listed = Uint32Array.from(numbers);
        expect(failureOf(() => table.best(query, 1, listed))).toBe('invalid-input');
      }
      expect(failureOf(() => new BinaryTable(kernelOf(name), 65_409))).toBe('too-large');
      expect(table.count).toBe(3);
      expect(table.candidates(query, 5, null)).toEqual(Uint32Array.of(0, 1, 2));
    });
  });
}

function kernelOf(name: CodeKernelName): CodeKernel {
  const kernel = name === 'scalar' ? createScalarCodeKernel() : createWasmCodeKernel();
  if (kernel === null) throw new Error(`There is no ${name} here.`);
  return kernel;
}

function binaryTable(kernel: CodeKernel, rows: given.TestRows): BinaryTable {
  const table = new BinaryTable(kernel, rows.dimension);
  table.append(rows, rows.count);
  return table;
}

/** Rows that differ in their bits alone. */
function hammingRows(rows: given.TestRows): given.TestRows {
  return {
    ...rows,
    offsets: new Float32Array(rows.count),
    factors: new Float32Array(rows.count).fill(1),
  };
}

/** None; all, no, one, every other row, a random third, and two of five. */
function filters(count: number): (Uint8Array | null)[] {
  const accepts: ((row: number) => boolean)[] = [
    () => true,
    () => false,
    (row) => row === count - 1,
    (row) => row % 2 === 1,
    (row) => Math.imul(row + 1, 0x9e3779b1) >>> 0 < 2 ** 32 / 3,
    (row) => row % 5 < 2,
  ];
  return [null, ...accepts.map((accept) => given.filterBits(count, accept))];
}

function nearestOf(distances: number[], limit: number, filter: Uint8Array | null): number[] {
  return given
    .acceptedRows(filter, distances.length)
    .map((row) => ({ row, distance: distances[row] ?? NaN }))
    .sort((left, right) => left.distance - right.distance || left.row - right.row)
    .slice(0, limit)
    .map(({ row }) => row)
    .sort((left, right) => left - right);
}

/** Ascending, of those that the filter accepts, and none that was left out is better by more than `slack`. */
function expectCandidates(
  found: Uint32Array,
  right: readonly given.Reference[],
  slack: number,
  filter: Uint8Array | null,
): void {
  const selected = given.acceptedRows(filter, right.length);
  const taken = new Set(found);
  expect([...found]).toEqual(selected.filter((row) => taken.has(row)));
  expect(found).toHaveLength(Math.min(CANDIDATES, selected.length));
  const scoreOf = (row: number): number => right[row]?.score ?? NaN;
  const worst = Math.min(...[...found].map(scoreOf));
  const others = selected.filter((row) => !taken.has(row)).map(scoreOf);
  expect(Math.max(...others)).not.toBeGreaterThan(worst + slack);
}

/** The hits are in order, their scores right, and nothing that is better was left out. */
function expectBest(
  hits: readonly ScoredRow[],
  right: readonly given.Reference[],
  limit: number,
  asked: Uint32Array,
): void {
  const slack = (row: number): number => TOLERANCE * (right[row]?.size ?? NaN) + 1e-30;
  const wrong = hits.filter(
    ({ row, score }) => !(Math.abs(score - (right[row]?.score ?? NaN)) <= slack(row)),
  );
  expect(wrong).toEqual([]);
  const sorted = hits.toSorted((left, right) => right.score - left.score || left.row - right.row);
  expect(hits).toEqual(sorted);
  const hit = new Set(hits.map(({ row }) => row));
  const others = [...asked].filter((row) => !hit.has(row));
  expect(hit.size).toBe(Math.min(limit, asked.length));
  const worst = hits.at(-1)?.score ?? -Infinity;
  const better = others.filter((row) => (right[row]?.score ?? NaN) > worst + slack(row));
  expect(better).toEqual([]);
}

function repeated(rows: given.TestRows, times: number): given.TestRows {
  return {
    ...rows,
    count: times * rows.count,
    bits: cycled(rows.bits, new Uint8Array(times * rows.bits.length)),
    offsets: cycled(rows.offsets, new Float32Array(times * rows.offsets.length)),
    factors: cycled(rows.factors, new Float32Array(times * rows.factors.length)),
  };
}

/** The numbers again and again, as often as `target` has room. */
function cycled<Numbers extends Uint8Array | Float32Array>(
  numbers: Numbers,
  target: Numbers,
): Numbers {
  for (let at = 0; at < target.length; at += numbers.length) target.set(numbers, at);
  return target;
}

function failureOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof PhotoglotError) return thrown.code;
    throw thrown;
  }
  return 'nothing was thrown';
}
