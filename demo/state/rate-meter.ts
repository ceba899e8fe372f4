/** Speed over the last seconds, for a rate that follows the machine and an honest time left. */
const WINDOW_MS = 8_000;

export class RateMeter {
  #points: { readonly time: number; readonly done: number }[] = [];

  /** Forgets the past: after a pause it says nothing. */
  reset(): void {
    this.#points = [];
  }

  /** Notes that `done` items are done at `time` (milliseconds). */
  note(time: number, done: number): void {
    this.#points.push({ time, done });
    const oldest = time - WINDOW_MS;
    // One point before the window stays, as its start.
    while (this.#points.length > 2 && (this.#points[1]?.time ?? 0) < oldest) this.#points.shift();
  }

  /** Items per second; 0 until half a second has passed. */
  get rate(): number {
    const first = this.#points[0];
    const last = this.#points.at(-1);
    if (first === undefined || last === undefined || last.time - first.time < 500) return 0;
    return ((last.done - first.done) * 1000) / (last.time - first.time);
  }
}
