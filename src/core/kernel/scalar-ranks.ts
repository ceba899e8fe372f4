/** `roughRanks` and `leading` in plain JavaScript, with the results of the compiled ones. */
import { RANKS, REJECTED, type CodeKernel } from './code-kernel';
import type { KernelMemory } from './kernel-memory';

const { fround } = Math;

type Operations = Pick<CodeKernel, 'roughRanks' | 'leading'>;

export function scalarRanks(memory: KernelMemory): Operations {
  return {
    roughRanks(from, to, codes, words, bits, query, step, offsets, factors, ...rest) {
      const [top, scale, filter, ranks, histogram] = rest;
      const size = 4 * words;
      const rows = memory.words(codes, to * size);
      const asked = memory.words(query, size);
      const [ofRows, byRows] = [memory.floats(offsets, to), memory.floats(factors, to)];
      const accepts = filter === 0 ? null : memory.bytes(filter, Math.ceil(to / 8));
      const counts = memory.words(histogram, RANKS);
      const found = new Uint16Array(memory.buffer, ranks, to);
      for (let row = from; row < to; row++) {
        if (accepts !== null && !hasBit(accepts, row)) {
          found[row] = REJECTED;
          continue;
        }
        const distance = difference(rows, row * size, asked);
        const agreeing = fround(fround(step) * (bits - 2 * distance));
        const score = fround((ofRows[row] ?? 0) + fround((byRows[row] ?? 0) * agreeing));
        const below = fround(fround(fround(top) - score) * fround(scale));
        // What is not a number is not less than the last rank.
        const rank = below < RANKS - 1 ? Math.max(0, Math.trunc(below)) : RANKS - 1;
        found[row] = rank;
        counts[rank] = (counts[rank] ?? 0) + 1;
      }
    },

    leading(from, to, ranks, cut, ties, first, rows) {
      const given = new Uint16Array(memory.buffer, ranks, to);
      const found = memory.words(rows, to - from);
      let [count, left] = [0, ties];
      for (let row = from; row < to; row++) {
        const rank = given[row] ?? REJECTED;
        if (rank > cut || (rank === cut && left === 0)) continue;
        if (rank === cut) left--;
        found[count++] = first + row;
      }
      return count;
    },
  };
}

function hasBit(bits: Uint8Array, row: number): boolean {
  return (((bits[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

function difference(rows: Uint32Array, start: number, query: Uint32Array): number {
  let sum = 0;
  for (let index = 0; index < query.length; index++) {
    sum += ones((rows[start + index] ?? 0) ^ (query[index] ?? 0));
  }
  return sum;
}

/** How many bits of 32 are 1 (Warren, Hacker's Delight, figure 5-2). */
function ones(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
