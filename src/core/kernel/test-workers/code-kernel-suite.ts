/** What every code kernel must do: right by float64, and the same as the scalar one to the last bit. */
import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../../../errors';
import type { ScoredRow } from '../../top-k';
import { BinaryTable } from '../binary-table';
import { RANKS, type CodeKernel, type CodeKernelName } from '../code-kernel';
import { FloatTable } from '../float-table';
import { createScalarCodeKernel } from '../scalar-code-kernel';
import type { RowSelection } from '../row-selection';
import { createWasmCodeKernel } from '../wasm-code-kernel';
import * as given from './code-rows';
import { randomNumbers } from './random-numbers';

const DIMENSIONS = [1, 3, 16, 100, 128, 384, 1000, 1024];
const COUNTS = [0, 1, 5, 4097];
const SHAPES = DIMENSIONS.flatMap((dimension) => COUNTS.map((count) => ({ dimension, count })));
const CANDIDATES = 700;
const ALL: RowSelection = { kind: 'all' };

/** Rounding of float32, of the sum of sizes. */
const TOLERANCE = 2e-6;

/** What is right does not depend on the kernel: computed once. */
const known = new Map<string, readonly given.Reference[]>();

function once(key: string, compute: () => given.Reference[]): readonly given.Reference[] {
  const found = known.get(key) ?? compute();
  known.set(key, found);
  return found;
}

/** The scans that end with scores. */
const SCANS = {
  signs: { best: bestBySigns, reference: given.signReference },
  float32: { best: bestByFloats, reference: given.floatReference },
} as const;

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
      for (const selection of selections(shape.count)) {
        if (selection.kind === 'rows') continue;
        for (const limit of [1, 3, 500, 10_000]) {
          expect([...table.candidates(query, limit, filterOf(selection))]).toEqual(
            nearestOf(distances, limit, selection),
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
      for (const selection of selections(shape.count)) {
        if (selection.kind === 'rows') continue;
        const filter = filterOf(selection);
        const found = table.candidates(query, CANDIDATES, filter);
        // Scores lie in ±(1 + step · dimension): one rank, and rounding.
        const rank = (2 * (1 + query.step * shape.dimension)) / RANKS;
        expectCandidates(found, right, 1.001 * rank, selection);
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

    describe.each(['signs', 'float32'] as const)('scores by %s', (kind) => {
      const { best, reference } = SCANS[kind];

      test.each(SHAPES)('$count rows of $dimension numbers', ({ dimension, count }) => {
        const rows = given.randomRows(dimension, count);
        const query = given.randomQuery(dimension);
        const right = once(`${kind} ${String(count)}x${String(dimension)}`, () =>
          reference(rows, query),
        );
        for (const selection of selections(count)) {
          const limit = selection.kind === 'all' ? 3000 : 10;
          const hits = best(kernelOf(name), rows, query, limit, selection);
          expectBest(hits, right, limit, selection);
          const scalar = best(kernelOf('scalar'), rows, query, limit, selection);
          expect(hits).toEqual(scalar);
        }
      });

      test('of equal scores the earlier row is the better', () => {
        const once = given.randomRows(48, 3);
        const rows = repeated(once, 2000);
        const [first] = best(kernelOf(name), once, given.randomQuery(48), 1, ALL);
        const equal = Array.from({ length: 1024 }, (_, index) => (first?.row ?? NaN) + 3 * index);
        const hits = best(kernelOf(name), rows, given.randomQuery(48), 1024, ALL);
        expect(hits.map(({ row }) => row)).toEqual(equal);
        expect(new Set(hits.map(({ score }) => score))).toEqual(new Set([first?.score]));
      });
    });

    test('what is not a number never enters, infinity does', () => {
      const table = new FloatTable(kernelOf(name), 1);
      table.append(Float32Array.of(NaN, 1, Infinity, NaN, -Infinity, 2, NaN));
      const hits = table.best(Float32Array.of(1), 10, ALL);
      expect(hits.map(({ row }) => row)).toEqual([2, 5, 1, 4]);
      expect(table.best(Float32Array.of(NaN), 10, ALL)).toEqual([]);
    });

    test('scans what was appended in pieces, and goes on where it was', () => {
      const rows = given.randomRows(1024, 2600);
      const query = given.randomQuery(1024);
      const table = new FloatTable(kernelOf(name), 1024);
      for (const [from, to] of [
        [0, 1],
        [1, 1023],
        [1023, 1024],
        [1024, 2600],
      ] as const) {
        table.append(rows.floats.subarray(from * 1024, to * 1024));
        expect(table.count).toBe(to);
        expect(table.best(query.floats, 20, ALL)).toEqual(
          bestByFloats(kernelOf('scalar'), { ...rows, count: to }, query, 20, ALL),
        );
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
      expect(failureOf(() => table.best(other, 1, ALL))).toBe('dimension-mismatch');
      for (const limit of [0, 1.5, NaN]) {
        expect(failureOf(() => table.candidates(query, limit, null))).toBe('invalid-input');
        expect(failureOf(() => table.best(query, limit, ALL))).toBe('invalid-input');
      }
      const short = new Uint8Array(0);
      expect(failureOf(() => table.candidates(query, 1, short))).toBe('invalid-input');
      for (const numbers of [[3], [1, 1], [2, 0]]) {
        const listed = { kind: 'rows', rows: Uint32Array.from(numbers) } as const;
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

function filterOf(selection: RowSelection): Uint8Array | null {
  return selection.kind === 'bits' ? selection.bits : null;
}

type Best = (
  kernel: CodeKernel,
  rows: given.TestRows,
  query: given.TestQuery,
  limit: number,
  selection: RowSelection,
) => ScoredRow[];

function bestBySigns(...[kernel, rows, query, limit, selection]: Parameters<Best>): ScoredRow[] {
  return binaryTable(kernel, rows).best(query, limit, selection);
}

function bestByFloats(...[kernel, rows, query, limit, selection]: Parameters<Best>): ScoredRow[] {
  const table = new FloatTable(kernel, rows.dimension);
  table.append(rows.floats.subarray(0, rows.count * rows.dimension));
  return table.best(query.floats, limit, selection);
}

/** All, none, one, every other one and a random third, and a list. */
function selections(count: number): RowSelection[] {
  const bits = (accept: (row: number) => boolean): RowSelection => ({
    kind: 'bits',
    bits: given.filterBits(count, accept),
  });
  const listed = Array.from({ length: count }, (_, row) => row).filter((row) => row % 5 < 2);
  return [
    ALL,
    bits(() => true),
    bits(() => false),
    bits((row) => row === count - 1),
    bits((row) => row % 2 === 1),
    bits((row) => Math.imul(row + 1, 0x9e3779b1) >>> 0 < 2 ** 32 / 3),
    { kind: 'rows', rows: Uint32Array.from(listed) },
  ];
}

function nearestOf(distances: number[], limit: number, selection: RowSelection): number[] {
  return given
    .selectedRows(selection, distances.length)
    .map((row) => ({ row, distance: distances[row] ?? NaN }))
    .sort((left, right) => left.distance - right.distance || left.row - right.row)
    .slice(0, limit)
    .map(({ row }) => row)
    .sort((left, right) => left - right);
}

/** Ascending, of the selection, and none that was left out is better by more than `slack`. */
function expectCandidates(
  found: Uint32Array,
  right: readonly given.Reference[],
  slack: number,
  selection: RowSelection,
): void {
  const selected = given.selectedRows(selection, right.length);
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
  selection: RowSelection,
): void {
  const slack = (row: number): number => TOLERANCE * (right[row]?.size ?? NaN) + 1e-30;
  const wrong = hits.filter(
    ({ row, score }) => !(Math.abs(score - (right[row]?.score ?? NaN)) <= slack(row)),
  );
  expect(wrong).toEqual([]);
  const sorted = hits.toSorted((left, right) => right.score - left.score || left.row - right.row);
  expect(hits).toEqual(sorted);
  const hit = new Set(hits.map(({ row }) => row));
  const others = given.selectedRows(selection, right.length).filter((row) => !hit.has(row));
  expect(hit.size).toBe(Math.min(limit, hit.size + others.length));
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
    floats: cycled(rows.floats, new Float32Array(times * rows.floats.length)),
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
