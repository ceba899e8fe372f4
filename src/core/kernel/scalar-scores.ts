/**
 * The scores in plain JavaScript, with the results of the compiled kernels: the same sums in the same
 * order, each rounded to float32. The product and the sum of two float32 are exact enough in float64
 * for that rounding to be the right one (Figueroa 1995, “When is double rounding innocuous?”).
 */
import type { CodeKernel } from './code-kernel';
import type { KernelMemory } from './kernel-memory';

type Operations = Pick<CodeKernel, 'signTables' | 'signScores'>;

const { fround } = Math;

export function scalarScores(memory: KernelMemory): Operations {
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
      memory.words(list + 4 * from, to - from).forEach((number, index) => {
        const row = number - first;
        const code = memory.bytes(codes + 16 * words * row, 16 * words);
        const [offset = 0] = memory.floats(offsets + 4 * row, 1);
        const [factor = 0] = memory.floats(factors + 4 * row, 1);
        target[index] = fround(fround(base) + offset) + fround(factor * signSum(code, table));
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
