/**
 * The worker of a tower and what is loaded in it. It is spawned and loaded by the first call that
 * needs it: after a crash, after a failure, and after it was ended to give its memory back.
 */
import { untilAborted } from '../core/until-aborted';
import { isPhotoglotError, type PhotoglotError } from '../errors';
import type {
  ArgsOf,
  ContractShape,
  MethodName,
  ProgressOf,
  ResultOf,
} from '../protocol/contract-types';
import type { TowerInfo } from '../protocol/tower-contract';
import { DepartedWorkers } from './departed-workers';
import { WorkerLink, type CallOptions } from './worker-link';

/** A worker that computes answers late, and is ended as it is. */
const ENDING_MS = 1000;

/** Loads the tower in the worker behind `link`. */
export type LoadTower<Contract extends ContractShape<Contract>> = (
  link: WorkerLink<Contract>,
  options: CallOptions<never>,
) => Promise<TowerInfo>;

export class TowerWorker<Contract extends ContractShape<Contract>> {
  readonly #spawn: () => Worker;
  readonly #makeRoom: () => Promise<void>;
  readonly #departed = new DepartedWorkers();
  #link: WorkerLink<Contract>;
  #load: LoadTower<Contract> | null = null;
  #loaded: Promise<TowerInfo> | null = null;
  #disposed = false;

  /** @param makeRoom is awaited before a worker is spawned; must not reject. */
  constructor(spawn: () => Worker, makeRoom: () => Promise<void>) {
    this.#spawn = spawn;
    this.#makeRoom = makeRoom;
    this.#link = this.#newLink();
  }

  /** Whether there is a worker, or soon will be. */
  get resident(): boolean {
    return this.#loaded !== null || this.#link.state === 'running';
  }

  /** Loads the tower, and remembers how. The signal is for this time only. */
  load(load: LoadTower<Contract>, options: CallOptions<never>): Promise<TowerInfo> {
    this.#load = load;
    this.#loaded = this.#start(load, options);
    return untilAborted(this.#loaded, options.signal);
  }

  /** Loads the tower unless it is there. */
  async whenLoaded(signal: AbortSignal | undefined): Promise<void> {
    if (this.#load === null) throw new Error('load was not called');
    this.#loaded ??= this.#start(this.#load, {});
    // The loading is for all callers, so one that gives up only stops waiting.
    await untilAborted(this.#loaded, signal);
  }

  /**
   * Calls a method of the loaded tower. If the graphics device was lost, the tower is loaded again and
   * called once more; if memory ran out it is loaded again by the next call.
   */
  async call<Name extends MethodName<Contract>>(
    method: Name,
    args: ArgsOf<Contract[Name]>,
    options: CallOptions<ProgressOf<Contract[Name]>>,
  ): Promise<ResultOf<Contract[Name]>> {
    try {
      return await this.#callOnce(method, args, options);
    } catch (thrown) {
      if (!isPhotoglotError(thrown) || thrown.code !== 'device-lost') throw thrown;
      return await this.#callOnce(method, args, options);
    }
  }

  /** Ends the worker, if there is one, and resolves when its memory is back. Never rejects. */
  async end(): Promise<void> {
    if (this.resident && !this.#disposed) {
      const link = this.#link;
      await link.endOwnWorkers(ENDING_MS);
      // It may have died meanwhile.
      if (this.#link === link) this.#replaceLink();
    }
    await this.#departed.gone();
  }

  /**
   * Ends the worker, at once unless it computes; then after a second. Later calls reject with `disposed`,
   * and so do pending ones when it has ended: their callers should not wait for that.
   */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#loaded = null;
    const link = this.#link;
    void link.endOwnWorkers(ENDING_MS).finally(() => {
      link.dispose();
      this.#departed.depart();
    });
  }

  /** A failure is not remembered, here or in the worker: ONNX Runtime starts only once in each. */
  #start(load: LoadTower<Contract>, options: CallOptions<never>): Promise<TowerInfo> {
    // If it is replaced meanwhile, it is disposed, and the loading fails without a worker.
    const link = this.#link;
    const loading = this.#room().then(() => load(link, options));
    loading.catch(() => {
      // After a crash or an unloading there is no such worker any more.
      if (this.#loaded === loading) this.#replaceLink();
    });
    return loading;
  }

  async #callOnce<Name extends MethodName<Contract>>(
    method: Name,
    args: ArgsOf<Contract[Name]>,
    options: CallOptions<ProgressOf<Contract[Name]>>,
  ): Promise<ResultOf<Contract[Name]>> {
    await this.whenLoaded(options.signal);
    const link = this.#link;
    try {
      return await link.call(method, args, options);
    } catch (thrown) {
      // Whatever else runs in that worker fails in the same way, and is told so.
      if (this.#link === link && isPhotoglotError(thrown) && isFatal(thrown)) {
        this.#replaceLink(thrown);
      }
      throw thrown;
    }
  }

  /** Resolves when what must be gone before the worker is spawned is gone. */
  async #room(): Promise<void> {
    await this.#makeRoom();
    await this.#departed.gone();
  }

  /** @param why what pending calls reject with; `disposed` without it */
  #replaceLink(why?: PhotoglotError): void {
    this.#loaded = null;
    this.#link.dispose(why);
    this.#departed.depart();
    // What was disposed keeps its ended link, which refuses all calls.
    if (this.#disposed) return;
    this.#link = this.#newLink();
  }

  #newLink(): WorkerLink<Contract> {
    return new WorkerLink<Contract>(() => this.#departed.note(this.#spawn()), {
      onCrash: () => {
        this.#loaded = null;
        this.#departed.depart();
      },
    });
  }
}

/**
 * Nothing can be computed any more in a worker that failed with it. What the browser has lost of a
 * tower that reads as it computes is brought again when the next call loads it.
 */
function isFatal({ code }: PhotoglotError): boolean {
  return code === 'device-lost' || code === 'out-of-memory' || code === 'storage';
}
