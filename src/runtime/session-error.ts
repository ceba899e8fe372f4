/** One type for whatever makes a session fail: ONNX Runtime's words, engines', the library's. */
import { isPhotoglotError, PhotoglotError } from '../errors';
import { isOutOfMemory } from './out-of-memory';

/** `out-of-memory` or `session-failed` with what was thrown as its cause; what is typed stays as it is. */
export function sessionError(message: string, thrown: unknown): PhotoglotError {
  if (isPhotoglotError(thrown)) return thrown;
  const code = isOutOfMemory(thrown) ? 'out-of-memory' : 'session-failed';
  return new PhotoglotError(code, message + detailOf(thrown), { cause: thrown });
}

/** As {@link sessionError}; but an abort is the caller's own, and stays what it is. */
export function unlessAborted(
  message: string,
  thrown: unknown,
  { aborted, reason }: AbortSignal,
): unknown {
  return aborted && thrown === reason ? thrown : sessionError(message, thrown);
}

function detailOf(thrown: unknown): string {
  if (thrown instanceof Error) return ` ${thrown.message}`;
  // Emscripten throws C++ exceptions as numbers.
  return typeof thrown === 'number' || typeof thrown === 'string' ? ` ${thrown}` : '';
}
