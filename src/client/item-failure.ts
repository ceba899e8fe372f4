import type { PhotoglotErrorCode } from '../errors';

/**
 * What a failure while adding items means for the others.
 *
 * - `item`: nothing, it is this item's own.
 * - `breakdown`: a worker came down. Perhaps the item's fault, by its size or content.
 * - `obstacle`: they would fail with it too.
 * - `end`: the caller wants no more.
 */
export type FailureKind = 'item' | 'breakdown' | 'obstacle' | 'end';

export function failureKind(code: PhotoglotErrorCode): FailureKind {
  switch (code) {
    case 'aborted':
    case 'disposed':
      return 'end';
    case 'decode-failed':
    case 'empty-file':
    case 'unsupported-type':
    case 'too-large':
    case 'fetch-failed':
    case 'invalid-input':
    case 'dimension-mismatch':
      return 'item';
    case 'worker-crashed':
    case 'rpc-failed':
    case 'session-failed':
    case 'out-of-memory':
    case 'device-lost':
    case 'internal':
      return 'breakdown';
    case 'network':
    case 'integrity':
    case 'signature-invalid':
    case 'in-use':
    case 'model-not-found':
    case 'manifest-invalid':
    case 'unsupported-format-version':
    case 'backend-unavailable':
    case 'self-test-failed':
    case 'storage':
    case 'quota-exceeded':
    case 'storage-version':
    case 'model-mismatch':
    case 'already-exists':
    case 'key-required':
    case 'wrong-key':
    case 'import-invalid':
    case 'not-found':
    case 'cursor-expired':
      return 'obstacle';
    default:
      return code satisfies never;
  }
}
