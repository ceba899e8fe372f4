/**
 * Calls to a tower that is loaded whenever it is needed, and unloaded by hand or because nobody
 * called for a while. Unloading ends the worker, as only that surely returns the memory; it takes
 * turns with the calls, so that it interrupts none.
 */
import { untilAborted } from '../core/until-aborted';
import type {
  ArgsOf,
  ContractShape,
  MethodName,
  ProgressOf,
  ResultOf,
} from '../protocol/contract-types';
import type { TowerInfo } from '../protocol/tower-contract';
import { disposedError } from './disposed-error';
import { TowerWorker, type LoadTower } from './tower-worker';
import { TurnQueue } from './turn-queue';
import type { CallOptions } from './worker-link';

/** Options of a {@link TowerLink}. */
export interface TowerLinkOptions {
  /** Milliseconds without a call after which the tower is unloaded; null for never. @default null */
  readonly unloadAfter?: number | null;
  /** Towers that share it never run at the same time. @default its own */
  readonly turns?: TurnQueue;
  /** Awaited before the worker is spawned, in the tower's turn. Must not reject. @default nothing */
  readonly makeRoom?: () => Promise<void>;
}

export class TowerLink<Contract extends ContractShape<Contract>> {
  readonly #unloadAfter: number | null;
  readonly #turns: TurnQueue;
  readonly #worker: TowerWorker<Contract>;
  readonly #disposal = new AbortController();
  /** Calls that run or wait. */
  #calls = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(spawn: () => Worker, options: TowerLinkOptions = {}) {
    const { unloadAfter = null, turns = new TurnQueue(), makeRoom } = options;
    this.#unloadAfter = unloadAfter;
    this.#turns = turns;
    this.#worker = new TowerWorker(spawn, makeRoom ?? (() => Promise.resolve()));
  }

  /** Loads the tower, and remembers how. The signal is for this time only. */
  load(load: LoadTower<Contract>, options: CallOptions<never>): Promise<TowerInfo> {
    return this.#inTurn(options.signal, () => this.#worker.load(load, options));
  }

  /** Loads the tower again if it is not there; `load` must have been called. */
  warmUp(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(signal, () => this.#worker.whenLoaded(signal));
  }

  /** Calls a method of the loaded tower; `load` must have been called. */
  call<Name extends MethodName<Contract>>(
    method: Name,
    args: ArgsOf<Contract[Name]>,
    options: CallOptions<ProgressOf<Contract[Name]>> = {},
  ): Promise<ResultOf<Contract[Name]>> {
    return this.#inTurn(options.signal, () => this.#worker.call(method, args, options));
  }

  /**
   * Ends the worker once the calls that were made have settled, and resolves when it is gone; calls
   * that come meanwhile wait, and load the tower again. Never rejects.
   */
  async unload(): Promise<void> {
    clearTimeout(this.#idle);
    // A turn would keep others waiting for nothing where there is no worker.
    const isThere = this.#calls > 0 || this.#worker.resident;
    const endTurn = isThere ? await this.#turns.take({}) : null;
    try {
      await this.end();
    } finally {
      endTurn?.();
    }
  }

  /** Like `unload`, for one who knows that no call is running, and keeps new ones away. */
  async end(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker.end();
  }

  /** Ends the worker; pending and later calls reject with `disposed`. */
  dispose(): void {
    clearTimeout(this.#idle);
    this.#disposal.abort();
    this.#worker.dispose();
  }

  /** Does `work` in the tower's turn; rejects with `disposed` as soon as that happens. */
  async #inTurn<Result>(
    signal: AbortSignal | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const disposal = this.#disposal.signal;
    this.#calls++;
    clearTimeout(this.#idle);
    try {
      return await untilAborted(this.#take(signal, work), disposal);
    } catch (thrown) {
      throw disposal.aborted ? disposedError() : thrown;
    } finally {
      this.#calls--;
      this.#rest();
    }
  }

  async #take<Result>(
    signal: AbortSignal | undefined,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const endTurn = await this.#turns.take(this, signal);
    try {
      // Its caller has been told already; nothing may be loaded that nobody would end.
      if (this.#disposal.signal.aborted) throw disposedError();
      return await work();
    } finally {
      endTurn();
    }
  }

  /** The time without calls begins. */
  #rest(): void {
    const isBusy = this.#calls > 0 || this.#disposal.signal.aborted;
    if (this.#unloadAfter === null || isBusy || !this.#worker.resident) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.unload(), this.#unloadAfter);
  }
}
