import { PhotoglotError } from '../../errors';
import { exposeContract } from '../../protocol/expose';
import { beforeEnd } from '../../protocol/own-workers';
import { withTransfer } from '../../protocol/transfer';
import type { ProbeContract } from './probe-contract';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const never = (): Promise<never> => new Promise(() => undefined);
let aborted = false;
let lastBuffer: ArrayBufferLike | undefined;

const probe: ProbeContract = {
  echo: ({ text }) => Promise.resolve(text),
  fail({ code }) {
    const cause = new RangeError('the cause', {
      cause: new PhotoglotError('network', 'the root'),
    });
    return Promise.reject(new PhotoglotError(code, `failed with ${code}`, { cause }));
  },
  failForeign({ kind }) {
    if (kind === 'type-error') throw new TypeError('not of the family');
    if (kind === 'quota') throw new DOMException('full', 'QuotaExceededError');
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what foreign code may do
    throw 'only a string';
  },
  async count({ steps }, { progress }) {
    for (let step = 1; step <= steps; step++) progress(step);
    return Promise.resolve(steps);
  },
  hang(_args, { signal }) {
    signal.addEventListener('abort', () => {
      aborted = true;
    });
    return never();
  },
  wasAborted: () => Promise.resolve(aborted),
  sum({ data }) {
    lastBuffer = data.buffer;
    const total = data.reduce((left, right) => left + right, 0);
    return Promise.resolve(withTransfer({ total, data }, [data.buffer as ArrayBuffer]));
  },
  hasDetached: () => Promise.resolve(lastBuffer?.byteLength === 0),
  unclonable: () => Promise.resolve(() => undefined),
  tellEnd({ channel }) {
    beforeEnd(() => {
      new BroadcastChannel(channel).postMessage('ending');
      return Promise.resolve();
    });
    return Promise.resolve(null);
  },
  close() {
    scope.close();
    return never();
  },
  throwLater() {
    setTimeout(() => {
      throw new Error('thrown outside of a call');
    });
    return never();
  },
};

exposeContract(probe);
