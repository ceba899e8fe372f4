/** The kernels in plain JavaScript, for engines without WASM SIMD: the same results, slowly. */
import { TopK } from '../top-k';
import { readBest } from './best-rows';
import type { CodeKernel } from './code-kernel';
import { KernelMemory, PlainBuffer } from './kernel-memory';
import { scalarRanks } from './scalar-ranks';
import { scalarScores } from './scalar-scores';

/** @param memory what they work on, by default one of their own */
export function createScalarCodeKernel(memory = new KernelMemory(new PlainBuffer())): CodeKernel {
  return {
    name: 'scalar',
    memory,
    shared: null,
    ...scalarRanks(memory),
    ...scalarScores(memory),

    offer(count, scores, list, best) {
      const [, limit = 0] = memory.words(best, 2);
      const top = new TopK(limit);
      for (const { row, score } of readBest(memory, best)) top.offer(row, score);
      const rows = memory.words(list, count);
      memory.floats(scores, count).forEach((score, index) => {
        if (score >= top.floor) top.offer(rows[index] ?? 0, score);
      });
      // The worst first is a heap, too.
      const entries = top.sorted().reverse();
      memory.words(best, 1)[0] = entries.length;
      const [numbers, values] = [
        memory.words(best + 8, 2 * entries.length),
        memory.floats(best + 8, 2 * entries.length),
      ];
      entries.forEach(({ row, score }, index) => {
        values[2 * index] = score;
        numbers[2 * index + 1] = row;
      });
    },
  };
}
