/** Progress with a rate: how much per second lately, and how long the rest will take. */

/** How far something is. */
export interface RatedProgress {
  readonly done: number;
  readonly total: number;
  /** Per second over the last seconds; 0 until known. */
  readonly rate: number;
  /** Seconds; null until known. */
  readonly remaining: number | null;
}

const WINDOW_MS = 5000;

export class RateMeter {
  readonly #now: () => number;
  /** Oldest first; the first one is where the window starts. */
  #samples: { readonly time: number; readonly done: number }[];

  /**
   * @param start what is done already, at no speed that would say anything
   * @param now milliseconds; another clock is for tests
   */
  constructor(start = 0, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#samples = [{ time: now(), done: start }];
  }

  /** Forgets the past: after a break it says nothing. */
  restart(done: number): void {
    this.#samples = [{ time: this.#now(), done }];
  }

  /** Notes that `done` of `total` are done by now. */
  progress(done: number, total: number): RatedProgress {
    const time = this.#now();
    this.#samples.push({ time, done });
    // One sample from before the window stays: the rate is over five seconds or a bit more.
    while ((this.#samples[1]?.time ?? time) <= time - WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] ?? { time, done };
    const elapsed = (time - first.time) / 1000;
    const rate = elapsed > 0 ? (done - first.done) / elapsed : 0;
    const left = total - done;
    const remaining = rate > 0 ? left / rate : null;
    return { done, total, rate, remaining: left === 0 ? 0 : remaining };
  }
}
