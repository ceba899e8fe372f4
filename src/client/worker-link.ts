/**
 * The page's side of a worker: typed calls that always settle. The worker is spawned by the
 * first call, and again by the first call after a crash.
 */
import { abortedError, untilAborted } from '../core/until-aborted';
import { PhotoglotError } from '../errors';
import type {
  ArgsOf,
  ContractShape,
  MethodName,
  ProgressOf,
  ResultOf,
} from '../protocol/contract-types';
import { decodeError } from '../protocol/error-codec';
import type { CallRequest } from '../protocol/rpc';
import { WorkerLife } from '../protocol/worker-life';
import { disposedError } from './disposed-error';

/** `idle`: no worker yet. `crashed`: the worker ended; the next call spawns another. */
export type LinkState = 'idle' | 'running' | 'crashed' | 'disposed';

/** Options of a {@link WorkerLink}. */
export interface WorkerLinkOptions {
  /**
   * Milliseconds that a new worker may take to load and answer.
   * @default 60000
   */
  readonly startTimeoutMs?: number;
  /** Called when the worker ends by itself: what was loaded in it is gone. */
  readonly onCrash?: (error: PhotoglotError) => void;
}

/** Options of one call. */
export interface CallOptions<Progress> {
  /** Rejects the call at once with `aborted`, and fires the signal in the worker. */
  readonly signal?: AbortSignal | undefined;
  /** Receives the method's progress, all of it before the result. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Moved instead of copied: leave them alone after the call; they are detached when it is sent. */
  readonly transfer?: readonly Transferable[] | undefined;
}

export class WorkerLink<Contract extends ContractShape<Contract>> {
  readonly #spawn: () => Worker;
  readonly #options: WorkerLinkOptions;
  /** Calls that every new worker gets first. */
  readonly #atStart = new Map<string, Omit<CallRequest, 'id'>>();
  #life: WorkerLife | null = null;
  #state: LinkState = 'idle';
  #nextId = 1;

  /** @param spawn makes a new worker whose module calls `exposeContract`. */
  constructor(spawn: () => Worker, options: WorkerLinkOptions = {}) {
    this.#spawn = spawn;
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Calls a method of the contract. Rejects with a `PhotoglotError`, and never stays pending. */
  async call<Name extends MethodName<Contract>>(
    method: Name,
    args: ArgsOf<Contract[Name]>,
    options: CallOptions<ProgressOf<Contract[Name]>> = {},
  ): Promise<ResultOf<Contract[Name]>> {
    const { signal, onProgress, transfer = [] } = options;
    if (signal?.aborted === true) throw abortedError(signal);
    const life = this.#running();
    const id = this.#nextId++;
    // The worker's reports are typed by the contract, which the worker is checked against.
    const report = onProgress as ((progress: unknown) => void) | undefined;
    const reply = await untilAborted(
      life.call({ id, method, args }, report, transfer),
      signal,
      () => {
        life.abort(id);
      },
    );
    if (!reply.ok) throw decodeError(reply.error);
    return reply.result as ResultOf<Contract[Name]>;
  }

  /**
   * Makes this call in every worker that is spawned from now on, before all others. Nobody is told whether
   * it succeeds. @param name the call takes the place of another of that name
   */
  repeatAtStart<Name extends MethodName<Contract>>(
    name: string,
    method: Name,
    args: ArgsOf<Contract[Name]>,
  ): void {
    this.#atStart.set(name, { method, args });
  }

  /**
   * Terminates the worker; pending and later calls reject with `disposed`.
   *
   * @param why what pending calls reject with instead
   * @param patienceMs that the worker's own workers have to be ended before it
   */
  dispose(why: PhotoglotError = disposedError(), patienceMs = 0): void {
    if (this.#state === 'disposed') return;
    this.#state = 'disposed';
    this.#life?.end(why, patienceMs);
    this.#life = null;
  }

  /** Has the worker end its own workers, if there is one and it answers in time. Never rejects. */
  async endOwnWorkers(patienceMs: number): Promise<void> {
    await this.#life?.endOwnWorkers(patienceMs);
  }

  #running(): WorkerLife {
    if (this.#state === 'disposed') throw disposedError();
    this.#life ??= this.#start();
    return this.#life;
  }

  #start(): WorkerLife {
    const life = new WorkerLife(this.#spawned(), {
      startTimeoutMs: this.#options.startTimeoutMs ?? 60_000,
      onCrash: (error) => {
        this.#life = null;
        this.#state = 'crashed';
        this.#options.onCrash?.(error);
      },
    });
    this.#state = 'running';
    for (const call of this.#atStart.values()) {
      life.call({ id: this.#nextId++, ...call }, undefined, []).catch(() => undefined);
    }
    return life;
  }

  #spawned(): Worker {
    try {
      return this.#spawn();
    } catch (thrown) {
      // A page's policy (CSP, a cross-origin script) makes the constructor itself throw.
      throw new PhotoglotError('worker-crashed', 'A worker of Photoglot could not be created.', {
        cause: thrown,
      });
    }
  }
}
