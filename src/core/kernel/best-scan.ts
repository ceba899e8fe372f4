/** Goes over the rows that are asked for, block after block, and keeps the best. */
import type { ScoredRow } from '../top-k';
import { bestBytes, clearBest, readBest } from './best-rows';
import type { CodeKernel } from './code-kernel';
import { GrowingPlace } from './kernel-memory';
import type { Chunk, RowChunks } from './row-chunks';
import { checkSelection, type RowSelection } from './row-selection';
import { checkLimit } from './scan-limit';

/** Rows that are scored before they are offered: few enough for their scores to stay in the cache. */
const BLOCK_ROWS = 4096;

/**
 * Writes the scores of a block to `scores`: of the listed rows `from` to `to`, or without a list (0)
 * of these rows. `first` is the number of the chunk's first row.
 */
export type ScoreBlock = (
  chunk: Chunk,
  from: number,
  to: number,
  list: number,
  first: number,
  scores: number,
) => void;

/** Has scratch memory of its own; one scan at a time. */
export class BestScan {
  readonly #kernel: CodeKernel;
  readonly #rows: RowChunks;
  readonly #filter: number;
  readonly #list: number;
  readonly #scores: number;
  readonly #best: GrowingPlace;

  constructor(kernel: CodeKernel, rows: RowChunks) {
    const { memory } = kernel;
    this.#kernel = kernel;
    this.#rows = rows;
    this.#filter = memory.take(rows.rowsPerChunk / 8);
    this.#list = memory.take(4 * rows.rowsPerChunk);
    this.#scores = memory.take(4 * BLOCK_ROWS);
    this.#best = new GrowingPlace(memory);
  }

  /**
   * The best `limit` rows (at least 1) by score, best first; of equal scores the lower row. A score
   * that is NaN never enters. Throws `invalid-input`, `too-large`.
   */
  best(limit: number, selection: RowSelection, score: ScoreBlock): ScoredRow[] {
    checkLimit(limit);
    checkSelection(selection, this.#rows.count);
    const room = Math.max(1, Math.min(limit, this.#rows.count));
    const best = this.#best.of(bestBytes(room));
    clearBest(this.#kernel.memory, best, room);
    for (const chunk of this.#rows.chunks()) this.#scan(chunk, selection, score, best);
    return readBest(this.#kernel.memory, best);
  }

  #scan(chunk: Chunk, selection: RowSelection, score: ScoreBlock, best: number): void {
    const all = selection.kind === 'all';
    const [first, list] = all ? [0, 0] : [chunk.first, this.#list];
    const count = all ? chunk.count : this.#listRows(chunk, selection);
    for (let from = 0; from < count; from += BLOCK_ROWS) {
      const to = Math.min(count, from + BLOCK_ROWS);
      score(chunk, from, to, list, first, this.#scores);
      const listed = list === 0 ? 0 : list + 4 * from;
      this.#kernel.offer(to - from, this.#scores, listed, chunk.first + from, best);
    }
  }

  /** Writes the numbers of the chunk's rows that are asked for; returns how many. */
  #listRows({ first, count }: Chunk, selection: Exclude<RowSelection, { kind: 'all' }>): number {
    const { memory, accepted } = this.#kernel;
    if (selection.kind === 'bits') {
      const bits = selection.bits.subarray(first / 8, first / 8 + Math.ceil(count / 8));
      memory.bytes(this.#filter, bits.length).set(bits);
      return accepted(0, count, this.#filter, first, this.#list);
    }
    const { rows } = selection;
    const mine = rows.subarray(lowerBound(rows, first), lowerBound(rows, first + count));
    memory.words(this.#list, mine.length).set(mine);
    return mine.length;
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
