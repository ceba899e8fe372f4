/**
 * The scores in plain JavaScript, with the results of the compiled kernels: the same sums in the same
 * order, each rounded to float32. The product and the sum of two float32 are exact enough in float64
 * for that rounding to be the right one (Figueroa 1995, “When is double rounding innocuous?”).
 */
import type { CodeKernel } from './code-kernel';
import type { KernelMemory } from './kernel-memory';

type Operations = Pick<CodeKernel, 'signTables' | 'signScores' | 'floatScores'>;

const { fround } = Math;

export function scalarScores(memory: KernelMemory): Operations {
  /** The numbers of the rows to score, as they lie behind the address of the rows. */
  const places = (from: number, to: number, list: number, first: number): Uint32Array =>
    list === 0
      ? Uint32Array.from({ length: to - from }, (_, index) => from + index - first)
      : memory
          .words(list, to)
          .slice(from)
          .map((row) => row - first);

  return {
    signTables(words, query, tables) {
      const numbers = memory.floats(query, 128 * words);
      for (let byte = 0; byte < 16 * words; byte++) {
        const table = memory.floats(tables + 1024 * byte, 256);
        table[0] = numbers.subarray(8 * byte, 8 * byte + 8).reduce((a, b) => fround(a - b), 0);
        for (let code = 1; code < 256; code++) {
          const lowest = 31 - Math.clz32(code & -code);
          table[code] = (table[code & (code - 1)] ?? 0) + 2 * (numbers[8 * byte + lowest] ?? 0);
        }
      }
    },

    signScores(from, to, list, first, codes, words, offsets, factors, tables, base, scores) {
      const table = memory.floats(tables, 4096 * words);
      const target = memory.floats(scores, to - from);
      places(from, to, list, first).forEach((row, index) => {
        const code = memory.bytes(codes + 16 * words * row, 16 * words);
        const [offset = 0] = memory.floats(offsets + 4 * row, 1);
        const [factor = 0] = memory.floats(factors + 4 * row, 1);
        target[index] = fround(fround(base) + offset) + fround(factor * signSum(code, table));
      });
    },

    floatScores(from, to, list, first, rows, dimension, query, scores) {
      const numbers = memory.floats(query, dimension);
      const target = memory.floats(scores, to - from);
      places(from, to, list, first).forEach((row, index) => {
        target[index] = floatDot(numbers, memory.floats(rows + 4 * dimension * row, dimension));
      });
    },
  };
}

function signSum(code: Uint8Array, table: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let at = 0; at < code.length; at += 4) {
    const start = 256 * at;
    a = fround(a + (table[start + (code[at] ?? 0)] ?? 0));
    b = fround(b + (table[start + 256 + (code[at + 1] ?? 0)] ?? 0));
    c = fround(c + (table[start + 512 + (code[at + 2] ?? 0)] ?? 0));
    d = fround(d + (table[start + 768 + (code[at + 3] ?? 0)] ?? 0));
  }
  return fround(fround(a + b) + fround(c + d));
}

/** In the order of the compiled kernel: 16 lanes, what is left four at a time, then one by one. */
function floatDot(query: Float32Array, row: Float32Array): number {
  const { length } = query;
  const by16 = length - (length % 16);
  const by4 = length - (length % 4);
  const product = (at: number): number => fround((query[at] ?? 0) * (row[at] ?? 0));
  const ofLane = (lane: number): number => {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let at = lane; at < by16; at += 16) {
      a = fround(a + product(at));
      b = fround(b + product(at + 4));
      c = fround(c + product(at + 8));
      d = fround(d + product(at + 12));
    }
    for (let at = by16 + lane; at < by4; at += 4) a = fround(a + product(at));
    return fround(fround(a + b) + fround(c + d));
  };
  let sum = fround(fround(ofLane(0) + ofLane(1)) + fround(ofLane(2) + ofLane(3)));
  for (let at = by4; at < length; at++) sum = fround(sum + product(at));
  return sum;
}
