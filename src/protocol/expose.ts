/** The worker's side of the link: makes an implementation of a contract callable. */
import * as Comlink from 'comlink';
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { CallContext, ContractShape } from './contract-types';
import { encodeError } from './error-codec';
import { holdLockForLife } from './liveness';
import { endOwnWorkers } from './own-workers';
import type { CallReply, CallRequest, ProgressSink, WorkerSurface } from './rpc';
import { transferablesOf } from './transfer';

/**
 * Exposes `implementation` to the page. To be called once, when the worker's module runs: a
 * message that arrives before that waits in the worker's queue.
 */
export function exposeContract<Contract extends ContractShape<Contract>>(
  implementation: Contract,
  endpoint?: Comlink.Endpoint,
): void {
  Comlink.expose(surfaceOf(implementation), endpoint);
}

function surfaceOf<Contract extends ContractShape<Contract>>(
  implementation: Contract,
): WorkerSurface {
  const running = new Map<number, AbortController>();
  return {
    async call(request, progress) {
      const controller = new AbortController();
      running.set(request.id, controller);
      const reports = new ReportQueue(progress);
      const reply = await run(implementation, request, {
        signal: controller.signal,
        progress: reports.send,
      });
      running.delete(request.id);
      await reports.finish();
      return reply.ok ? Comlink.transfer(reply, transferablesOf(reply.result)) : reply;
    },
    abort(id) {
      running.get(id)?.abort(new PhotoglotError('aborted', 'The caller aborted the call.'));
    },
    holdLock: holdLockForLife,
    endOwnWorkers,
  };
}

/** A method as the wire sees it: the types of arguments and progress are known to the caller. */
type UntypedMethod = (args: unknown, context: CallContext<unknown>) => Promise<unknown>;

async function run(
  implementation: object,
  request: CallRequest,
  context: CallContext<unknown>,
): Promise<CallReply> {
  try {
    const methods = implementation as Readonly<Record<string, UntypedMethod | undefined>>;
    const method = methods[request.method];
    if (typeof method !== 'function') {
      throw new PhotoglotError('rpc-failed', `The worker has no method "${request.method}".`);
    }
    return { ok: true, result: await method.call(implementation, request.args, context) };
  } catch (thrown) {
    return { ok: false, error: encodeError(toPhotoglotError(thrown)) };
  }
}

/**
 * Sends a call's progress. Holding the sink here until `finish` is what keeps Comlink's proxy
 * alive: a proxy that is collected mid-call closes its port (Comlink issue 692).
 */
class ReportQueue {
  #sink: ProgressSink | null;
  #receipt: Promise<void> | undefined;

  constructor(sink: ProgressSink | null) {
    this.#sink = sink;
  }

  readonly send = (progress: unknown): void => {
    if (this.#sink === null) return;
    // A failed report must not fail the call; the caller's own errors stay on its side.
    this.#receipt = this.#sink(progress)?.catch(() => undefined);
  };

  /** Waits until the last report has arrived (hence all: a port keeps order), then lets go. */
  async finish(): Promise<void> {
    await this.#receipt;
    const sink: (ProgressSink & Partial<Comlink.ProxyMethods>) | null = this.#sink;
    this.#sink = null;
    sink?.[Comlink.releaseProxy]?.();
  }
}
