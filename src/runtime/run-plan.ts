/**
 * How many pictures share a run. What is fastest differs by device, and what is hardly faster only
 * makes queries wait, as a run cannot be interrupted. So sizes are tried on real work, from the
 * model's own downwards, and the smallest that is nearly the fastest is kept.
 */

/** Runs of a size that are timed; the best counts, as whatever disturbs a run makes it longer. */
const TRIALS = 3;
/** Before them, for memory and shaders of the new size. */
const WARM_UPS = 1;
/** A picture may take this much longer than at the fastest size. */
const NEARLY = 1.05;
/** Milliseconds that a run of several pictures should not exceed, for the sake of queries. */
const LONGEST_RUN_MS = 300;
/** Share of a run's room that has to be taken for its time to tell something. */
const FULL = 0.85;

/** Milliseconds of the best run that was full, and per picture. */
interface Trial {
  readonly size: number;
  runs: number;
  ms: number;
  msPerPicture: number;
}

export class RunPlan {
  readonly #trials: readonly Trial[];
  #at = 0;
  #size: number;

  /** @param most pictures of a run that the model's maker found to index fastest; no run is larger. */
  constructor(most: number) {
    this.#trials = sizesUpTo(most).map((size) => ({
      size,
      runs: 0,
      ms: Infinity,
      msPerPicture: Infinity,
    }));
    this.#size = most;
  }

  /** Pictures that the next run may take. */
  get size(): number {
    return this.#size;
  }

  /**
   * Takes note of a run.
   *
   * @param pictures as many as it took the room of; a fraction where pictures are smaller
   * @param ms its duration
   */
  note(pictures: number, ms: number): void {
    const trial = this.#trials[this.#at];
    // A query runs by itself, and what is left at the end is less than a run.
    if (trial === undefined || pictures < FULL * trial.size) return;
    trial.runs++;
    if (trial.runs > WARM_UPS && ms / pictures < trial.msPerPicture) {
      trial.ms = ms;
      trial.msPerPicture = ms / pictures;
    }
    if (trial.runs < WARM_UPS + TRIALS) return;
    this.#at++;
    this.#size = this.#trials[this.#at]?.size ?? this.#verdict();
  }

  #verdict(): number {
    const able = this.#trials.filter(({ size, ms }) => size === 1 || ms <= LONGEST_RUN_MS);
    const best = Math.min(...able.map(({ msPerPicture }) => msPerPicture));
    const near = able.filter(({ msPerPicture }) => msPerPicture <= NEARLY * best);
    return Math.min(...near.map(({ size }) => size));
  }
}

/** The largest first, each half of the one before, down to 1. */
function sizesUpTo(most: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = most; size > 1; size = Math.floor(size / 2)) sizes.push(size);
  return [...sizes, 1];
}
