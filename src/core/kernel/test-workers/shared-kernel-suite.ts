/** Two kernels on one shared memory, each with a part of the rows: together they find what one does. */
import { describe, expect, test } from 'vitest';
import { BinaryTable } from '../binary-table';
import { RANKS, type CodeKernel } from '../code-kernel';
import { createWasmMemory } from '../kernel-memory';
import { createWasmCodeKernel } from '../wasm-code-kernel';
import * as given from './code-rows';

const [DIMENSION, COUNT, WORDS] = [256, 1000, 2] as const;
/** Where the second part begins: a multiple of 64. */
const BORDER = 640;

export function describeSharedKernel(): void {
  describe('compiled code kernel on a shared memory', () => {
    const rows = given.randomRows(DIMENSION, COUNT);
    const query = given.randomQuery(DIMENSION);

    test('ranks part by part as in one go', () => {
      const memory = createWasmMemory(true);
      const first = kernelOn(memory);
      const put = (view: Uint8Array | Float32Array): number => {
        const address = first.memory.take(view.byteLength);
        const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
        first.memory.bytes(address, bytes.length).set(bytes);
        return address;
      };
      const [codes, bits] = [put(rows.bits), put(query.bits)] as const;
      const [offsets, factors] = [put(rows.offsets), put(rows.factors)] as const;
      const ranks = first.memory.take(2 * 1024);

      /** The ranks that the parts write, and how often they count each, together. */
      const rank = (parts: readonly (readonly [CodeKernel, number, number])[]) => {
        const counts = new Uint32Array(RANKS);
        for (const [kernel, from, to] of parts) {
          const histogram = first.memory.take(4 * RANKS);
          kernel.roughRanks(
            ...([from, to, codes, WORDS, DIMENSION, bits, query.step, offsets, factors] as const),
            ...([4, RANKS / 8, 0, ranks, histogram] as const),
          );
          first.memory.words(histogram, RANKS).forEach((count, at) => {
            counts[at] = (counts[at] ?? 0) + count;
          });
        }
        return { ranks: new Uint16Array(memory.buffer, ranks, COUNT).slice(), counts };
      };

      const whole = rank([[first, 0, COUNT]]);
      new Uint16Array(memory.buffer, ranks, COUNT).fill(0);
      const parts = rank([
        [first, 0, BORDER],
        [kernelOn(memory), BORDER, COUNT],
      ]);
      expect(parts).toEqual(whole);
      expect(new Set(whole.ranks).size).toBeGreaterThan(500);
    });

    test('finds what it finds on a memory of its own', () => {
      const tables = [kernelOn(createWasmMemory(true)), kernelOn()].map((kernel) => {
        const table = new BinaryTable(kernel, DIMENSION);
        table.append(rows, COUNT);
        return table;
      });
      const [candidates, own] = tables.map((table) => table.candidates(query, 333, null));
      expect(candidates).toEqual(own);
      const [best, ownBest] = tables.map((table) => table.best(query, 20, given.allRows(COUNT)));
      expect(best).toEqual(ownBest);
    });
  });
}

function kernelOn(memory?: WebAssembly.Memory): CodeKernel {
  const kernel = createWasmCodeKernel(memory);
  if (kernel === null) throw new Error('There is no WASM SIMD here.');
  return kernel;
}
