/** Halts downloads and lets them go on: one gate for all files of a delivery. */
import { abortedError, untilAborted } from '../core/until-aborted';

export class PauseGate {
  /** Fires when the gate opens; null while it is open. */
  #opening: AbortController | null = null;
  #interrupt = new AbortController();
  readonly #listeners = new Set<(paused: boolean) => void>();

  get paused(): boolean {
    return this.#opening !== null;
  }

  /** Fires when the gate is closed the next time: requests that run until then end with it. */
  get interrupt(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** Closes the gate. What has arrived stays in memory, or where it is kept. */
  pause(): void {
    if (this.#opening !== null) return;
    this.#opening = new AbortController();
    this.#interrupt.abort();
    this.#tell();
  }

  /** Opens it. */
  resume(): void {
    if (this.#opening === null) return;
    this.#interrupt = new AbortController();
    const opening = this.#opening;
    this.#opening = null;
    opening.abort();
    this.#tell();
  }

  /** Resolves when the gate is open; rejects with `aborted` when `signal` fires before. */
  async whenOpen(signal: AbortSignal): Promise<void> {
    while (this.#opening !== null) {
      const opening = this.#opening.signal;
      const opened = new Promise<void>((resolve) => {
        opening.addEventListener('abort', () => {
          resolve();
        });
      });
      await untilAborted(opened, signal);
    }
    if (signal.aborted) throw abortedError(signal);
  }

  /** Calls `listener` at every change. The function it returns ends that. */
  subscribe(listener: (paused: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.paused);
  }
}
