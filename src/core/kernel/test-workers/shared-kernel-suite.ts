/** Two kernels on one shared memory, each with a part of the rows: together they find what one does. */
import { describe, expect, test } from 'vitest';
import { bestBytes, clearBest, mergeBest, readBest } from '../best-rows';
import { RANKS, type CodeKernel } from '../code-kernel';
import { cutByRank } from '../rank-cut';
import { createWasmMemory } from '../kernel-memory';
import { createWasmCodeKernel } from '../wasm-code-kernel';
import * as given from './code-rows';

const [DIMENSION, COUNT, WORDS] = [256, 1000, 2] as const;
/** Where the second part begins: a multiple of 64. */
const BORDER = 640;

export function describeSharedKernel(): void {
  describe('compiled code kernel on a shared memory', () => {
    const memory = createWasmMemory(true);
    const whole = kernelOn(memory);
    const rows = given.randomRows(DIMENSION, COUNT);
    const query = given.randomQuery(DIMENSION);

    function kernelOn(on: WebAssembly.Memory, start?: number): CodeKernel {
      const kernel = createWasmCodeKernel(on, start);
      if (kernel === null) throw new Error('There is no WASM SIMD here.');
      return kernel;
    }

    function put(view: Uint8Array | Float32Array): number {
      const address = whole.memory.take(view.byteLength);
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      whole.memory.bytes(address, bytes.length).set(bytes);
      return address;
    }

    const codes = put(rows.bits);
    const [offsets, factors] = [put(rows.offsets), put(rows.factors)];
    const [bits, weights] = [put(query.bits), put(query.weights)];
    const tables = whole.memory.take(16 * WORDS * 1024);
    const ranks = whole.memory.take(2 * 1024);
    // What each needs for itself, apart from the others.
    const part = (from: number, to: number) => ({
      from,
      to,
      kernel: kernelOn(memory, whole.memory.take(2 ** 20)),
    });
    const parts = [part(0, BORDER), part(BORDER, COUNT)];

    /** What the parts find of the leading `limit`, in the order of the parts. */
    function candidates(shares: typeof parts, limit: number): number[] {
      const histograms = shares.map(({ from, to, kernel }) => {
        const histogram = kernel.memory.take(4 * RANKS);
        const counts = kernel.memory.words(histogram, RANKS);
        counts.fill(0);
        kernel.roughRanks(
          ...([from, to, codes, WORDS, DIMENSION, bits, query.step, offsets, factors] as const),
          ...([4, RANKS / 8, 0, ranks, histogram] as const),
        );
        return counts.slice();
      });
      const { rank, ties } = cutByRank(histograms, limit);
      return shares.flatMap(({ from, to, kernel }, part) => {
        const list = kernel.memory.take(4 * COUNT);
        const found = kernel.leading(from, to, ranks, rank, ties[part] ?? 0, 0, list);
        return [...kernel.memory.words(list, found)];
      });
    }

    test.each([1, 10, 333, 1000, 2000])('finds the leading %i', (limit) => {
      const alone = candidates([{ from: 0, to: COUNT, kernel: whole }], limit);
      expect(candidates(parts, limit)).toEqual(alone);
      expect(alone).toHaveLength(Math.min(limit, COUNT));
    });

    test('finds the best', () => {
      whole.signTables(WORDS, weights, tables);
      const found = (shares: typeof parts): ReturnType<typeof readBest>[] =>
        shares.map(({ from, to, kernel }) => {
          const [scores, best] = [kernel.memory.take(4 * COUNT), kernel.memory.take(bestBytes(20))];
          clearBest(kernel.memory, best, 20);
          kernel.signScores(
            ...([
              from,
              to,
              0,
              0,
              codes,
              WORDS,
              offsets,
              factors,
              tables,
              query.base,
              scores,
            ] as const),
          );
          kernel.offer(to - from, scores, 0, from, best);
          return readBest(kernel.memory, best);
        });
      const [alone = []] = found([{ from: 0, to: COUNT, kernel: whole }]);
      expect(alone).toHaveLength(20);
      expect(mergeBest(found(parts), 20)).toEqual(alone);
    });
  });
}
