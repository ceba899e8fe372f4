/**
 * Waits for workers that were ended to be really gone. `terminate` only asks for it: a worker that
 * is translating WASM lives on for a while, and until it is gone its memory is not free. A Web Lock
 * that it holds for its life tells.
 */
import { lockReleased } from '../protocol/liveness';
import * as Comlink from 'comlink';
import type { WorkerSurface } from '../protocol/rpc';

/** Milliseconds to wait for an end that does not come; then its memory is given up for lost. */
const PATIENCE_MS = 60_000;

export class DepartedWorkers {
  readonly #departing = new Set<Promise<void>>();
  /** Lock of the worker that was spawned last. */
  #current: string | null = null;

  /** Has the worker hold a lock; there is one at a time, so that any before it was ended. */
  note(worker: Worker): Worker {
    this.depart();
    const lock = `photoglot-resident-${crypto.randomUUID()}`;
    // A worker that fails to start answers nothing, and holds nothing.
    Comlink.wrap<WorkerSurface>(worker)
      .holdLock(lock)
      .catch(() => undefined);
    this.#current = lock;
    return worker;
  }

  /** The worker was told to end. */
  depart(): void {
    if (this.#current === null) return;
    const gone = lockReleased(this.#current, PATIENCE_MS).finally(() =>
      this.#departing.delete(gone),
    );
    this.#departing.add(gone);
    this.#current = null;
  }

  /** Resolves when all that departed are gone. Never rejects. */
  async gone(): Promise<void> {
    await Promise.all(this.#departing);
  }
}
