/** Files that the store's worker writes, as streams that are read as fast as their readers want. */
import { untilAborted } from '../core/until-aborted';
import { toPhotoglotError } from '../errors';
import { receiveBytes } from '../protocol/byte-channel';

/** Has the worker send through the other ends of the ports until all is sent, or the signal fires. */
export type SendExport = (signal: AbortSignal) => Promise<void>;

/** One stream per port, all of one export. When one is cancelled the others go on. */
export function exportStreams<Ports extends readonly MessagePort[]>(
  ports: Ports,
  send: SendExport,
  signal: AbortSignal | undefined,
): { [Index in keyof Ports]: ReadableStream<Uint8Array<ArrayBuffer>> } {
  const failure = new AbortController();
  const stop = new AbortController();
  const running = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  send(running).catch((thrown: unknown) => {
    failure.abort(toPhotoglotError(thrown));
  });
  const open = new Set<MessagePort>(ports);
  // A stream that is cancelled while it is being read ends twice.
  const endOf = (port: MessagePort) => () => {
    port.close();
    open.delete(port);
    if (open.size === 0) stop.abort();
  };
  const streams = ports.map((port) => streamOf(port, failure.signal, endOf(port)));
  return streams as { [Index in keyof Ports]: ReadableStream<Uint8Array<ArrayBuffer>> };
}

function streamOf(
  port: MessagePort,
  failure: AbortSignal,
  onEnd: () => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = receiveBytes(port);
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const next = await unlessFailed(pieces.next(), failure);
          if (next.done !== true) {
            controller.enqueue(next.value);
            return;
          }
          onEnd();
          controller.close();
        } catch (thrown) {
          onEnd();
          throw thrown;
        }
      },
      async cancel() {
        try {
          // A piece that was asked for comes first, which it never does when the worker fails.
          await unlessFailed(pieces.return(undefined), failure);
        } finally {
          onEnd();
        }
      },
    },
    // Nothing is read ahead.
    { highWaterMark: 0 },
  );
}

/** Rejects with why the worker failed, if it does: that is the signal's reason. */
async function unlessFailed<Value>(work: Promise<Value>, failure: AbortSignal): Promise<Value> {
  try {
    return await untilAborted(work, failure);
  } catch (thrown) {
    throw failure.aborted ? (failure.reason as unknown) : thrown;
  }
}
