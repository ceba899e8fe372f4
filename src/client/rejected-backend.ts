/** Forms of a tower that were of no use on this device. */
import { PhotoglotError, type PhotoglotErrorCode } from '../errors';
import type { Backend } from '../models/manifest';
import type { Tower } from '../protocol/tower-contract';

/** A form of a tower that was tried and failed, or is known to fail. */
export interface RejectedBackend {
  readonly provider: Backend;
  /** Number format of the weights. */
  readonly dtype: string;
  /** Code of the error. */
  readonly reason: PhotoglotErrorCode;
  /** What happened. */
  readonly message: string;
}

/** Failures that speak against the form that was loaded, so that another may do. */
const REJECTIONS: ReadonlySet<PhotoglotErrorCode> = new Set([
  'backend-unavailable',
  'session-failed',
  'self-test-failed',
  'out-of-memory',
  'device-lost',
  'worker-crashed',
]);

/** Whether another form may do where one failed with that code. */
export function isRejection(code: PhotoglotErrorCode): boolean {
  return REJECTIONS.has(code);
}

/** `fp16 on webgpu (out-of-memory), int8 on wasm (session-failed)` */
export function rejectedWords(rejected: readonly RejectedBackend[]): string {
  return rejected
    .map(({ dtype, provider, reason }) => `${dtype} on ${provider} (${reason})`)
    .join(', ');
}

/**
 * What a tower fails with when nothing is left: its only failure as it was, else one that names all.
 *
 * @param last of the failures; null if none was tried
 */
export function nothingLeft(
  tower: Tower,
  rejected: readonly RejectedBackend[],
  last: PhotoglotError | null,
): PhotoglotError {
  if (last !== null && rejected.length === 1) return last;
  const [first] = rejected;
  const isAlike = rejected.every(({ reason }) => reason === first?.reason);
  const tried = rejected.map(
    ({ dtype, provider, reason, message }) => `${dtype} on ${provider} (${reason}): ${message}`,
  );
  return new PhotoglotError(
    first !== undefined && isAlike ? first.reason : 'session-failed',
    `The ${tower} tower runs in no form on this device. Tried were: ${tried.join(' — ')}`,
    last === null ? {} : { cause: last },
  );
}
