/**
 * The best rows of a scan, as the kernels keep them: a heap whose root is the worst. In memory: count
 * int32, limit int32, then `limit` entries of score float32 and row uint32.
 */
import type { ScoredRow } from '../top-k';
import type { KernelMemory } from './kernel-memory';

/** Bytes of a heap of so many rows. */
export function bestBytes(limit: number): number {
  return 8 + 8 * limit;
}

/** Empties the heap at `best` and lets it keep `limit` rows, at least 1. */
export function clearBest(memory: KernelMemory, best: number, limit: number): void {
  memory.words(best, 2).set([0, limit]);
}

/** What the heap holds, best first: by score, and of equal scores the lower row. */
export function readBest(memory: KernelMemory, best: number): ScoredRow[] {
  const [count = 0] = memory.words(best, 1);
  const scores = memory.floats(best + 8, 2 * count);
  const rows = memory.words(best + 8, 2 * count);
  return Array.from({ length: count }, (_, index) => ({
    row: rows[2 * index + 1] ?? 0,
    score: scores[2 * index] ?? NaN,
  })).sort((left, right) => right.score - left.score || left.row - right.row);
}
