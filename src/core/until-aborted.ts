/** Waiting that can be given up. */
import { PhotoglotError } from '../errors';

/**
 * Settles as `promise` does, or rejects with `aborted` as soon as `signal` fires, and calls
 * `onAbort` then. What the promise stands for goes on unless `onAbort` stops it; its failure is
 * then nobody's.
 */
export function untilAborted<Result>(
  promise: Promise<Result>,
  signal: AbortSignal | undefined,
  onAbort?: () => void,
): Promise<Result> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      onAbort?.();
      reject(abortedError(signal));
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', abort);
    });
  });
}

/** The error of a call whose signal fired; the reason is its cause. */
export function abortedError(signal: AbortSignal): PhotoglotError {
  return new PhotoglotError('aborted', 'The call was aborted by its signal.', {
    cause: signal.reason,
  });
}
