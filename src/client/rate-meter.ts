/** Progress with a rate: how many items per second lately, and how long the rest will take. */
import type { AddProgress } from './api';

const WINDOW_MS = 5000;

export class RateMeter {
  readonly #total: number;
  readonly #now: () => number;
  /** Oldest first; the first one is where the window starts. */
  readonly #samples: { readonly time: number; readonly done: number }[];

  /** @param now milliseconds; another clock is for tests */
  constructor(total: number, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#now = now;
    this.#samples = [{ time: now(), done: 0 }];
  }

  /** Notes that `done` items are done by now. */
  progress(done: number): AddProgress {
    const time = this.#now();
    this.#samples.push({ time, done });
    // One sample from before the window stays: the rate is over five seconds or a bit more.
    while ((this.#samples[1]?.time ?? time) <= time - WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0] ?? { time, done };
    const elapsed = (time - first.time) / 1000;
    const rate = elapsed > 0 ? (done - first.done) / elapsed : 0;
    const left = this.#total - done;
    const remaining = rate > 0 ? left / rate : null;
    return { done, total: this.#total, rate, remaining: left === 0 ? 0 : remaining };
  }
}
