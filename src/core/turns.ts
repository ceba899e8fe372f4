import { nextTask } from './next-task';

/** Milliseconds of work after which messages get their turn; a frame has 16. */
const TURN_MS = 8;

/** Long work in a worker that others ask things of meanwhile. */
export class Turns {
  #began = performance.now();

  /**
   * To be awaited between short pieces of the work. Every so often messages that have arrived are handled
   * first. Rejects with the signal's reason.
   */
  async next(signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#began >= TURN_MS) {
      await nextTask();
      this.#began = performance.now();
    }
    signal.throwIfAborted();
  }
}
