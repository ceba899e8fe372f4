/** Waiting that can be given up. */
import { PhotoglotError } from '../errors';

/**
 * Settles as `promise` does, or rejects with `aborted` as soon as `signal` fires. What the promise
 * stands for goes on; its failure is then nobody's.
 */
export function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(abortedError(signal));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    const done = (): void => {
      signal.removeEventListener('abort', abort);
    };
    promise.then(resolve, reject).finally(done);
  });
}

/** The error of a call whose signal fired; the reason is its cause. */
export function abortedError(signal: AbortSignal): PhotoglotError {
  return new PhotoglotError('aborted', 'The call was aborted by its signal.', {
    cause: signal.reason,
  });
}
