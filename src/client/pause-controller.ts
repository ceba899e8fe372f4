/** A switch that halts downloads, in the manner of `AbortController`. */

/**
 * Give one to `createLens` or to the model cache's `download`, and call `pause` and `resume` at
 * will: a halted download keeps what has arrived and asks for nothing until it goes on.
 */
export class PauseController {
  readonly #listeners = new Set<(paused: boolean) => void>();
  #paused = false;

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#set(true);
  }

  resume(): void {
    this.#set(false);
  }

  /** Calls `listener` on every change; returns what ends that. */
  subscribe(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #set(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const listener of this.#listeners) listener(paused);
  }
}
