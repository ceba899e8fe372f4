/** Adds up what the files of a model report: one progress, which names them all. */
import { RateMeter } from '../core/rate-meter';
import type { DeliveryProgress, FileProgress } from '../protocol/delivery-contract';

/** Milliseconds between two reports: each is a message to the page, and to the other tabs. */
const PERIOD_MS = 100;

export class DeliveryMeter {
  readonly #report: (progress: DeliveryProgress) => void;
  readonly #files: Map<string, FileProgress>;
  readonly #rate: RateMeter;
  #state: DeliveryProgress['state'] = 'downloading';
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** @param files as they are at the start */
  constructor(files: readonly FileProgress[], report: (progress: DeliveryProgress) => void) {
    this.#files = new Map(files.map((file) => [file.name, file]));
    this.#report = report;
    this.#rate = new RateMeter(this.#loaded());
    this.#emit();
  }

  /** A file got further. */
  update(file: FileProgress): void {
    if (this.#stopped) return;
    const before = this.#files.get(file.name);
    this.#files.set(file.name, file);
    // A file that starts anew has no negative speed.
    if (before !== undefined && file.loaded < before.loaded) this.#rate.restart(this.#loaded());
    const isDone = file.loaded === file.total;
    const wait = PERIOD_MS - (performance.now() - this.#last);
    if (isDone || wait <= 0) this.#emit();
    // Nothing may follow, and then this was the last that is known.
    else
      this.#timer ??= setTimeout(() => {
        this.#emit();
      }, wait);
  }

  /** Reports nothing any more: what still runs behind an abort has nobody to tell. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Downloads halt or go on. */
  setState(state: DeliveryProgress['state']): void {
    if (this.#stopped || state === this.#state) return;
    this.#state = state;
    this.#rate.restart(this.#loaded());
    this.#emit();
  }

  #emit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = performance.now();
    const files = [...this.#files.values()];
    const total = files.reduce((sum, file) => sum + (file.total ?? 0), 0);
    const { rate, remaining } = this.#rate.progress(this.#loaded(), total);
    const isRunning = this.#state === 'downloading';
    this.#report({
      state: this.#state,
      loaded: this.#loaded(),
      total,
      rate: isRunning ? rate : 0,
      // What is not known of one file is not known of all.
      remaining: isRunning && files.every((file) => file.total !== null) ? remaining : null,
      files,
    });
  }

  #loaded(): number {
    return [...this.#files.values()].reduce((sum, { loaded }) => sum + loaded, 0);
  }
}
