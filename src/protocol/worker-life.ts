/** One life of one worker: from spawn to crash or dispose. Every call settles when it ends. */
import * as Comlink from 'comlink';
import { inTime } from '../core/in-time';
import { PhotoglotError } from '../errors';
import { lockReleased, watchLock } from './liveness';
import type { CallReply, CallRequest, ProgressSink, WorkerSurface } from './rpc';

/** Options of {@link WorkerLife}. */
export interface WorkerLifeOptions {
  /** Milliseconds that the worker may take to load and answer. */
  readonly startTimeoutMs: number;
  /** Called once if the life ends by itself, after all pending calls were rejected. */
  readonly onCrash: (error: PhotoglotError) => void;
}

export class WorkerLife {
  readonly #worker: Worker;
  readonly #options: WorkerLifeOptions;
  // Comlink releases a proxy that is garbage-collected (its issue 692): this field pins it.
  readonly #surface: Comlink.Remote<WorkerSurface>;
  readonly #pending = new Set<(error: PhotoglotError) => void>();
  readonly #ended = new AbortController();
  readonly #started: Promise<void>;
  #lock: string | null = null;

  constructor(worker: Worker, options: WorkerLifeOptions) {
    this.#worker = worker;
    this.#options = options;
    const listener = { signal: this.#ended.signal };
    worker.addEventListener(
      'error',
      (event) => {
        this.#crash(describe(event));
      },
      listener,
    );
    worker.addEventListener(
      'messageerror',
      () => {
        this.#crash('It sent a message that cannot be read.');
      },
      listener,
    );
    this.#surface = Comlink.wrap<WorkerSurface>(worker);
    this.#started = this.#start();
  }

  /** Sends a call; rejects when the messaging fails or this life ends, whichever is first. */
  call(
    request: CallRequest,
    onProgress: ((progress: unknown) => void) | undefined,
    transfer: readonly Transferable[],
  ): Promise<CallReply> {
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      this.#started
        .then<CallReply>(() =>
          this.#surface.call(
            transfer.length > 0 ? Comlink.transfer(request, [...transfer]) : request,
            onProgress === undefined ? null : progressSink(onProgress),
          ),
        )
        .then(resolve, (thrown: unknown) => {
          const message = `The call "${request.method}" could not be exchanged with the worker.`;
          reject(new PhotoglotError('rpc-failed', message, { cause: thrown }));
        })
        .finally(() => this.#pending.delete(reject));
    });
  }

  /** Fires the signal of a call in the worker. */
  abort(id: number): void {
    // No answer is needed; if the worker is gone there is nothing to abort.
    this.#started.then(() => this.#surface.abort(id)).catch(() => undefined);
  }

  /** Has the worker end its own workers, if it answers in time. Never rejects. */
  async endOwnWorkers(patienceMs: number): Promise<void> {
    const asked = this.#started.then(() => this.#surface.endOwnWorkers());
    await inTime(patienceMs, asked, undefined).catch(() => undefined);
  }

  /**
   * Rejects what is pending with `error`, and terminates the worker.
   * @param patienceMs that its own workers have to be ended before it
   */
  end(error: PhotoglotError, patienceMs = 0): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    if (patienceMs === 0) this.#worker.terminate();
    else {
      void this.endOwnWorkers(patienceMs).finally(() => {
        this.#worker.terminate();
      });
    }
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
  }

  /** Resolves when the ended worker is gone, or after `patienceMs`. Never rejects. */
  async gone(patienceMs: number): Promise<void> {
    if (this.#lock !== null) await lockReleased(this.#lock, patienceMs);
  }

  #crash(reason: string): void {
    if (this.#ended.signal.aborted) return;
    const error = new PhotoglotError('worker-crashed', `A worker of Photoglot ended. ${reason}`);
    this.end(error);
    this.#options.onCrash(error);
  }

  /**
   * Resolves once the worker holds its lock; calls wait for it. Before that nobody would notice a
   * death that has no event, hence the time limit; after it the lock tells.
   */
  #start(): Promise<void> {
    const { startTimeoutMs } = this.#options;
    const timer = setTimeout(() => {
      this.#crash(`It did not start within ${String(startTimeoutMs)} ms.`);
    }, startTimeoutMs);
    this.#ended.signal.addEventListener('abort', () => {
      clearTimeout(timer);
    });
    const lock = `photoglot-worker-${crypto.randomUUID()}`;
    return this.#surface.holdLock(lock).then((held) => {
      clearTimeout(timer);
      if (!held || this.#ended.signal.aborted) return;
      this.#lock = lock;
      watchLock(lock, this.#ended.signal, () => {
        this.#crash('It was terminated from outside, closed itself or was killed.');
      });
    });
  }
}

/** A listener that throws is the page's own failure: reported there, without harm to the call. */
function progressSink(onProgress: (progress: unknown) => void): ProgressSink & Comlink.ProxyMarked {
  return Comlink.proxy((progress: unknown) => {
    try {
      onProgress(progress);
    } catch (thrown) {
      reportError(thrown);
    }
    return undefined;
  });
}

function describe(event: ErrorEvent | Event): string {
  // A worker that cannot be fetched or parsed fires a plain Event, without a message.
  if (!('message' in event) || event.message === '') {
    return 'Its script could not be loaded, or it failed without a message.';
  }
  return `${event.message} (${event.filename}:${String(event.lineno)})`;
}
