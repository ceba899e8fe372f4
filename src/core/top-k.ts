/** The k best of a stream of scored rows, in a heap whose root is the worst of them. */

/** A row and its score. */
export interface ScoredRow {
  readonly row: number;
  readonly score: number;
}

/** Best first: by score, and of equal scores the earlier row. The same rows in, the same out. */
export class TopK {
  readonly #limit: number;
  // Side by side instead of objects: a scan of many rows offers many that are soon pushed out.
  readonly #rows: number[] = [];
  readonly #scores: number[] = [];

  /** @param limit how many to keep, at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** When rows come in ascending order, those that score no more than this cannot enter. */
  get floor(): number {
    return this.#rows.length < this.#limit ? -Infinity : this.#score(0);
  }

  /** Offers a row; kept if it is among the best so far. */
  offer(row: number, score: number): void {
    if (this.#rows.length < this.#limit) {
      this.#rise(this.#rows.length, row, score);
    } else if (isWorse(this.#score(0), this.#row(0), score, row)) {
      this.#sink(row, score);
    }
  }

  /** What was kept, best first. */
  sorted(): ScoredRow[] {
    return this.#rows
      .map((row, index) => ({ row, score: this.#score(index) }))
      .sort((left, right) => right.score - left.score || left.row - right.row);
  }

  /** Moves parents down from the free place `start` until the entry fits, and puts it there. */
  #rise(start: number, row: number, score: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isWorse(score, row, this.#score(parent), this.#row(parent))) break;
      this.#put(index, this.#row(parent), this.#score(parent));
      index = parent;
    }
    this.#put(index, row, score);
  }

  /** Replaces the root: moves the worse child up until the entry fits, and puts it there. */
  #sink(row: number, score: number): void {
    const { length } = this.#rows;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= length) break;
      const other = child + 1;
      if (other < length && this.#isEntryWorse(other, child)) child = other;
      if (!isWorse(this.#score(child), this.#row(child), score, row)) break;
      this.#put(index, this.#row(child), this.#score(child));
      index = child;
    }
    this.#put(index, row, score);
  }

  #isEntryWorse(left: number, right: number): boolean {
    return isWorse(this.#score(left), this.#row(left), this.#score(right), this.#row(right));
  }

  #put(index: number, row: number, score: number): void {
    this.#rows[index] = row;
    this.#scores[index] = score;
  }

  #row(index: number): number {
    return this.#rows[index] ?? -1;
  }

  #score(index: number): number {
    return this.#scores[index] ?? -Infinity;
  }
}

function isWorse(score: number, row: number, otherScore: number, otherRow: number): boolean {
  return score < otherScore || (score === otherScore && row > otherRow);
}
