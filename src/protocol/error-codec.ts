/**
 * Errors across the thread boundary. Structured clone keeps only name, message and stack of a
 * built-in error (and Comlink no more): `code` and `cause` would be lost, so both are encoded.
 */
import { isPhotoglotError, isPhotoglotErrorCode, PhotoglotError } from '../errors';

/** A chain of causes longer than this is cut; it also ends a chain that is a circle. */
const MAX_CAUSES = 8;

/** An error as plain data. */
export type EncodedError =
  | {
      readonly kind: 'photoglot';
      readonly code: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: EncodedError | undefined;
    }
  | {
      readonly kind: 'error';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly cause: EncodedError | undefined;
    }
  | { readonly kind: 'value'; readonly value: string | number | boolean | null };

/** Makes plain data of anything thrown. */
export function encodeError(thrown: unknown, depth = 0): EncodedError {
  if (!(thrown instanceof Error)) return { kind: 'value', value: plainValue(thrown) };
  const { message, stack } = thrown;
  const hasCause = thrown.cause !== undefined && depth < MAX_CAUSES;
  const cause = hasCause ? encodeError(thrown.cause, depth + 1) : undefined;
  return isPhotoglotError(thrown)
    ? { kind: 'photoglot', code: thrown.code, message, stack, cause }
    : { kind: 'error', name: thrown.name, message, stack, cause };
}

/** The inverse of {@link encodeError}: real errors again, `instanceof` included. */
export function decodeError(encoded: EncodedError): unknown {
  switch (encoded.kind) {
    case 'photoglot': {
      const code = isPhotoglotErrorCode(encoded.code) ? encoded.code : 'internal';
      return withStack(new PhotoglotError(code, encoded.message, causeOf(encoded)), encoded.stack);
    }
    case 'error': {
      const error = new Error(encoded.message, causeOf(encoded));
      error.name = encoded.name;
      return withStack(error, encoded.stack);
    }
    case 'value':
      return encoded.value;
    default:
      return encoded satisfies never;
  }
}

function causeOf(encoded: { readonly cause: EncodedError | undefined }): { cause?: unknown } {
  return encoded.cause === undefined ? {} : { cause: decodeError(encoded.cause) };
}

/** The worker's stack says where it happened; this thread's would only name the decoder. */
function withStack<Thrown extends Error>(error: Thrown, stack: string | undefined): Thrown {
  if (stack !== undefined) error.stack = stack;
  return error;
}

function plainValue(value: unknown): string | number | boolean | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  // Not JSON: an arbitrary object may be large, private or circular.
  return Object.prototype.toString.call(value);
}
