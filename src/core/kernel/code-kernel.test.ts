import { describe, expect, test, vi } from 'vitest';
import { BinaryCoder, codeBytes } from '../codes/binary-code';
import { closeScore, roughScore } from '../codes/binary-score';
import { mergeBest } from './best-rows';
import { BinaryTable } from './binary-table';
import { cutByRank } from './rank-cut';
import { FloatTable } from './float-table';
import { pickCodeKernel } from './pick-code-kernel';
import { describeCodeKernel } from './test-workers/code-kernel-suite';
import { describeSharedKernel } from './test-workers/shared-kernel-suite';
import { randomQuery, randomRows } from './test-workers/code-rows';
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
    const table = new FloatTable(kernel, 1024);
    table.append(new Float32Array(1024).fill(1));
    expect(() => {
      table.append(new Float32Array(2 ** 21));
    }).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(table.count).toBe(1);
    const query = new Float32Array(1024).fill(0.5);
    expect(table.best(query, 5, { kind: 'all' })).toEqual([{ row: 0, score: 512 }]);
  });
});

describe('codes as they are made', () => {
  const [dimension, count] = [100, 300];
  const { floats } = randomRows(dimension, count);
  const vectors = Array.from({ length: count }, (_, row) =>
    floats.subarray(row * dimension, (row + 1) * dimension),
  );
  const query = randomQuery(dimension).floats;
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
    const hits = table.best(asked, 10, { kind: 'all' });
    expect(hits.map(({ row }) => row)).toEqual(best((row) => closeScore(codes, row, asked), 10));
    for (const { row, score } of hits) expect(score).toBeCloseTo(closeScore(codes, row, asked), 4);
  });
});

describe('parts of a scan', () => {
  test('are cut at one rank, and ties go to the earlier part', () => {
    const [left, right] = [Uint32Array.of(1, 0, 5, 2), Uint32Array.of(0, 2, 4, 9)];
    expect(cutByRank([left, right], 10)).toEqual({ rank: 2, ties: [5, 2] });
    expect(cutByRank([left, right], 3)).toEqual({ rank: 2, ties: [0, 0] });
    expect(cutByRank([left, right], 12)).toEqual({ rank: 3, ties: [0, 0] });
    expect(cutByRank([left, right], 100)).toEqual({ rank: 4, ties: [0, 0] });
  });

  test('are merged by score, and of equal scores by row', () => {
    const [a, b, c] = [
      { row: 7, score: 0.5 },
      { row: 3, score: 0.25 },
      { row: 2, score: 0.25 },
    ];
    expect(mergeBest([[a, b], [c], []], 2)).toEqual([a, c]);
    expect(mergeBest([], 2)).toEqual([]);
  });
});
