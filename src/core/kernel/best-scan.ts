/** Goes over the rows that are asked for, block after block, and keeps the best. */
import type { ScoredRow } from '../top-k';
import { bestBytes, clearBest, readBest } from './best-rows';
import { checkRows } from './check-rows';
import type { CodeKernel } from './code-kernel';
import { GrowingPlace } from './kernel-memory';
import type { Chunk, RowChunks } from './row-chunks';
import { checkLimit } from './scan-limit';

/** Rows that are scored before they are offered: few enough for their scores to stay in the cache. */
const BLOCK_ROWS = 4096;

/**
 * Writes the scores of a block to `scores`: of the rows at places `from` to `to` of the list. All are
 * in the chunk.
 */
export type ScoreBlock = (
  chunk: Chunk,
  from: number,
  to: number,
  list: number,
  scores: number,
) => void;

/** Has scratch memory of its own; one scan at a time. */
export class BestScan {
  readonly #kernel: CodeKernel;
  readonly #rows: RowChunks;
  readonly #list: number;
  readonly #scores: number;
  readonly #best: GrowingPlace;

  constructor(kernel: CodeKernel, rows: RowChunks) {
    const { memory } = kernel;
    this.#kernel = kernel;
    this.#rows = rows;
    this.#list = memory.take(4 * rows.rowsPerChunk);
    this.#scores = memory.take(4 * BLOCK_ROWS);
    this.#best = new GrowingPlace(memory);
  }

  /**
   * The best `limit` of these rows (at least 1) by score, best first; of equal scores the lower row. A
   * score that is NaN never enters. Throws `invalid-input`, `too-large`.
   * @param rows their numbers, ascending, each once
   */
  best(limit: number, rows: Uint32Array, score: ScoreBlock): ScoredRow[] {
    checkLimit(limit);
    checkRows(rows, this.#rows.count);
    const room = Math.max(1, Math.min(limit, rows.length));
    const best = this.#best.of(bestBytes(room));
    clearBest(this.#kernel.memory, best, room);
    for (const chunk of this.#rows.chunks()) this.#scan(chunk, rows, score, best);
    return readBest(this.#kernel.memory, best);
  }

  #scan(chunk: Chunk, rows: Uint32Array, score: ScoreBlock, best: number): void {
    const { first, count } = chunk;
    const mine = rows.subarray(lowerBound(rows, first), lowerBound(rows, first + count));
    this.#kernel.memory.words(this.#list, mine.length).set(mine);
    for (let from = 0; from < mine.length; from += BLOCK_ROWS) {
      const to = Math.min(mine.length, from + BLOCK_ROWS);
      score(chunk, from, to, this.#list, this.#scores);
      this.#kernel.offer(to - from, this.#scores, this.#list + 4 * from, best);
    }
  }
}

/** How many of the ascending numbers are less than `value`. */
function lowerBound(numbers: Uint32Array, value: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
