/**
 * The one error family of the SDK. Callers branch on `code`; the message is for people.
 */

/** Every code, and what it means. Closed: a new one is a change of the public interface. */
export const PHOTOGLOT_ERROR_CODES = [
  /** The caller's `AbortSignal` fired. The error's name is `AbortError`. */
  'aborted',
  /** The object was disposed before or during the call. */
  'disposed',
  /** The worker died, could not be loaded, or sent something unreadable. */
  'worker-crashed',
  /** A message could not be sent to or understood by the other thread. */
  'rpc-failed',
  /** A request got no answer: offline, blocked, or an error status. */
  'network',
  /** A file's size or SHA-256 is not what the manifest says. */
  'integrity',
  /** A manifest lacks the signature that was asked for, or was altered after it was signed. */
  'signature-invalid',
  /** No model of that name is registered. */
  'model-not-found',
  /** A manifest is not of the expected shape. */
  'manifest-invalid',
  /** A manifest or stored file has a format version that this release cannot read. */
  'unsupported-format-version',
  /** The asked device (WebGPU, say) is not there, or ONNX Runtime could not be started for it. */
  'backend-unavailable',
  /** The model could not be loaded or run. */
  'session-failed',
  /** The model gives other vectors on this device than it should. */
  'self-test-failed',
  /** There is not enough memory to load or run the model. */
  'out-of-memory',
  /** The graphics device was lost (a driver update, a reset), and again after the model was loaded anew. */
  'device-lost',
  /** The file says that it is an image, but it cannot be decoded. */
  'decode-failed',
  /** The file has no bytes. */
  'empty-file',
  /** The content is not an image type that this browser decodes. */
  'unsupported-type',
  /** The input exceeds a stated limit. */
  'too-large',
  /** An image given by URL could not be fetched. */
  'fetch-failed',
  /** An argument is wrong; the message says what was expected. */
  'invalid-input',
  /** A vector's length is not the model's or the collection's dimension. */
  'dimension-mismatch',
  /** The database failed in a way that has no code of its own. */
  'storage',
  /** The origin's storage is full. The error's name is `QuotaExceededError`. */
  'quota-exceeded',
  /** A page has the model loaded that is to be deleted, or changed the collection that is to be replaced or is being read. */
  'in-use',
  /** The database was written by a newer release. */
  'storage-version',
  /** The collection, or what is to be imported into it, was made with another model. */
  'model-mismatch',
  /** There is a collection of that name already. */
  'already-exists',
  /** A file that is to be imported is damaged, cut off, or not of its format. */
  'import-invalid',
  /** The collection is encrypted, and was opened without its passphrase or key. */
  'key-required',
  /** The passphrase or key is not that of the collection. */
  'wrong-key',
  /** No item or collection of that name. */
  'not-found',
  /** The collection has changed since its pages began to be read, and what they were is no longer kept. */
  'cursor-expired',
  /** A bug in the SDK: please report it. */
  'internal',
] as const;

/** What went wrong: one of {@link PHOTOGLOT_ERROR_CODES}. */
export type PhotoglotErrorCode = (typeof PHOTOGLOT_ERROR_CODES)[number];

/** Any failure that the SDK reports. */
export class PhotoglotError extends Error {
  /** What went wrong, for code to branch on. */
  readonly code: PhotoglotErrorCode;

  constructor(code: PhotoglotErrorCode, message: string, options: { cause?: unknown } = {}) {
    // No own `cause` property when there is none: `'cause' in error` stays meaningful.
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.name = nameOf(code);
  }
}

/** Callers already know two names from the browser; the rest share the family's name. */
function nameOf(code: PhotoglotErrorCode): string {
  if (code === 'aborted') return 'AbortError';
  if (code === 'quota-exceeded') return 'QuotaExceededError';
  return 'PhotoglotError';
}

/** Whether `value` is an error of this family; by shape, as two copies of the SDK may be loaded. */
export function isPhotoglotError(value: unknown): value is PhotoglotError {
  return value instanceof Error && 'code' in value && isPhotoglotErrorCode(value.code);
}

/** Whether `value` is one of the codes. */
export function isPhotoglotErrorCode(value: unknown): value is PhotoglotErrorCode {
  return (PHOTOGLOT_ERROR_CODES as readonly unknown[]).includes(value);
}

/**
 * Brings anything thrown into the family. Errors of the family pass unchanged; the browser's
 * `AbortError` and `QuotaExceededError` get their codes; all else gets `fallbackCode`. What was
 * thrown is kept as `cause`.
 */
export function toPhotoglotError(
  thrown: unknown,
  fallbackCode: PhotoglotErrorCode = 'internal',
): PhotoglotError {
  if (isPhotoglotError(thrown)) return thrown;
  return new PhotoglotError(codeOf(thrown) ?? fallbackCode, messageOf(thrown), { cause: thrown });
}

function codeOf(thrown: unknown): PhotoglotErrorCode | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.name === 'AbortError') return 'aborted';
  if (thrown.name === 'QuotaExceededError') return 'quota-exceeded';
  return undefined;
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === 'string' ? thrown : `A non-error was thrown (${typeof thrown}).`;
}
