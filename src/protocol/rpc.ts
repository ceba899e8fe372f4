/**
 * What crosses between page and worker. Comlink carries it; on top of Comlink this gives ids
 * (so that a call can be aborted) and replies that are data (so that an error keeps its code
 * and cause without replacing Comlink's global `throw` handler under other users' feet).
 */
import type { EncodedError } from './error-codec';

/** One call of one method of the contract. */
export interface CallRequest {
  /** Unique among the calls of one worker. */
  readonly id: number;
  /** Name of a method of the contract. */
  readonly method: string;
  /** The method's arguments, structured-cloneable. */
  readonly args: unknown;
}

/** How a call ended. */
export type CallReply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: EncodedError };

/** Receives progress; on the worker's side a Comlink proxy, whose promise is the receipt. */
export type ProgressSink = (progress: unknown) => Promise<void> | undefined;

/** The object that a worker exposes through Comlink, whatever its contract. */
export interface WorkerSurface {
  /** Runs a method. Rejects only if the messaging itself failed. */
  call(request: CallRequest, progress: ProgressSink | null): Promise<CallReply>;
  /** Fires the signal of a running call; of no effect when it has ended. */
  abort(id: number): void;
  /** Holds a lock until the worker ends; see liveness.ts. Resolves to whether it is held. */
  holdLock(name: string): Promise<boolean>;
  /** Ends the worker's own workers, as the worker is about to be ended. */
  endOwnWorkers(): Promise<void>;
}
