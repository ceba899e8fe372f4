import { expect, test } from 'vitest';
import { untilAborted } from '../core/until-aborted';
import { isPhotoglotError, PhotoglotError } from '../errors';
import { sendBytes } from '../protocol/byte-channel';
import { exportStreams } from './export-stream';

type Piece = Uint8Array<ArrayBuffer>;

interface Gate<T> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
}

function gateOf<T>(): Gate<T> {
  let open: Gate<T>['open'] = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

/** Two streams of three pieces; the second piece of `items` waits for `go`. Both ends are in this thread. */
function twoStreams() {
  const [left, right] = [new MessageChannel(), new MessageChannel()];
  const [asked, gate, failed] = [gateOf<null>(), gateOf<null>(), gateOf<PhotoglotError>()];
  const seen: { signal?: AbortSignal } = {};
  async function* pieces(isGated: boolean): AsyncGenerator<Piece> {
    yield new Uint8Array(10);
    if (isGated) {
      asked.open(null);
      await gate.promise;
    }
    yield new Uint8Array(10);
    yield new Uint8Array(10);
  }
  const [vectors, items] = exportStreams(
    [left.port1, right.port1] as const,
    async (signal) => {
      seen.signal = signal;
      const sending = [sendBytes(left.port2, pieces(false)), sendBytes(right.port2, pieces(true))];
      const failing = failed.promise.then((error) => Promise.reject(error));
      await untilAborted(Promise.race([Promise.all(sending), failing]), signal);
    },
    undefined,
  );
  return {
    vectors: vectors.getReader(),
    items: items.getReader(),
    /** Resolves when the sender works on the second piece of `items`. */
    asked: asked.promise,
    go: () => {
      gate.open(null);
    },
    fail: (error: PhotoglotError) => {
      failed.open(error);
    },
    isStopped: () => seen.signal?.aborted,
  };
}

test('a stream that is cancelled during a read leaves the other one alone', async () => {
  const { vectors, items, asked, go, isStopped } = twoStreams();
  await Promise.all([vectors.read(), items.read()]);
  const pending = items.read();
  await asked;
  const cancelled = items.cancel();
  go();
  await cancelled;
  expect((await pending).done).toBe(true);
  expect(isStopped()).toBe(false);
  const dones = [await vectors.read(), await vectors.read(), await vectors.read()];
  expect(dones.map(({ done }) => done)).toEqual([false, false, true]);
  expect(isStopped()).toBe(true);
});

test('to cancel during a read settles when the worker fails', async () => {
  const { items, asked, fail } = twoStreams();
  await items.read();
  const pending = items.read();
  await asked;
  const cancelled = items.cancel().catch((thrown: unknown) => thrown);
  fail(new PhotoglotError('worker-crashed', 'It died.'));
  const thrown = await cancelled;
  expect(isPhotoglotError(thrown) && thrown.code).toBe('worker-crashed');
  expect((await pending).done).toBe(true);
});
