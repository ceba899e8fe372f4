import { describe, expect, test, vi } from 'vitest';
import { BinaryCoder, codeBytes, type BinaryCodes } from '../codes/binary-code';
import { closeScore, roughScore } from '../codes/binary-score';
import { BinaryTable } from './binary-table';
import { cutByRank } from './rank-cut';
import { pickCodeKernel } from './pick-code-kernel';
import { describeCodeKernel } from './test-workers/code-kernel-suite';
import { describeSharedKernel } from './test-workers/shared-kernel-suite';
import { randomNumbers } from './test-workers/random-numbers';
import { createWasmCodeKernel } from './wasm-code-kernel';

for (const name of ['simd', 'scalar'] as const) describeCodeKernel(name);
describeSharedKernel();

describe('choice', () => {
  test('the fastest form that the engine has', () => {
    expect(pickCodeKernel().name).toBe('simd');
    vi.stubGlobal('WebAssembly', undefined);
    expect(pickCodeKernel().name).toBe('scalar');
    vi.unstubAllGlobals();
  });
});

describe('memory', () => {
  test('that cannot grow is an error, and what was there is still found', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 100 });
    const kernel = createWasmCodeKernel(memory);
    if (kernel === null) throw new Error('There is no WASM SIMD here.');
    const table = new BinaryTable(kernel, 128);
    const codes = (count: number): BinaryCodes => ({
      bits: new Uint8Array(16 * count).fill(0xff),
      offsets: new Float32Array(count),
      factors: new Float32Array(count).fill(2),
    });
    table.append(codes(1), 1);
    expect(() => {
      table.append(codes(2 ** 18), 2 ** 18);
    }).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(table.count).toBe(1);
    const query = {
      weights: new Float32Array(128).fill(0.5),
      bits: new Uint8Array(16),
      base: 0,
      step: 0,
    };
    expect(table.best(query, 5, Uint32Array.of(0))).toEqual([{ row: 0, score: 128 }]);
  });
});

describe('codes as they are made', () => {
  const [dimension, count] = [100, 300];
  const next = randomNumbers(1);
  const vectors = Array.from({ length: count }, () =>
    Float32Array.from({ length: dimension }, next),
  );
  const query = Float32Array.from({ length: dimension }, next);
  const best = (scoreOf: (row: number) => number, limit: number): number[] =>
    vectors
      .map((_, row) => row)
      .sort((left, right) => scoreOf(right) - scoreOf(left))
      .slice(0, limit);

  test('bits are found by both of their scores', () => {
    const coder = new BinaryCoder(new Float32Array(dimension).fill(0.1), 5);
    const codes = {
      bits: new Uint8Array(count * codeBytes(dimension)),
      offsets: new Float32Array(count),
      factors: new Float32Array(count),
    };
    for (const [row, vector] of vectors.entries()) coder.encodeRow(vector, codes, row);
    const asked = coder.encodeQuery(query);
    const table = new BinaryTable(pickCodeKernel(), coder.bits);
    table.append(codes, count);
    const rough = best((row) => roughScore(codes, row, asked, coder.bits), 20);
    const found = [...table.candidates(asked, 25, null)];
    expect(found).toEqual(expect.arrayContaining(rough));
    const hits = table.best(asked, 10, Uint32Array.from(vectors.keys()));
    expect(hits.map(({ row }) => row)).toEqual(best((row) => closeScore(codes, row, asked), 10));
    for (const { row, score } of hits) expect(score).toBeCloseTo(closeScore(codes, row, asked), 4);
  });
});

describe('the cut by rank', () => {
  test('leaves the leading rows, and of the last rank as many as there is room for', () => {
    const histogram = Uint32Array.of(1, 2, 9, 11);
    expect(cutByRank(histogram, 10)).toEqual({ rank: 2, ties: 7 });
    expect(cutByRank(histogram, 3)).toEqual({ rank: 2, ties: 0 });
    expect(cutByRank(histogram, 12)).toEqual({ rank: 3, ties: 0 });
    expect(cutByRank(histogram, 100)).toEqual({ rank: 4, ties: 0 });
  });
});
