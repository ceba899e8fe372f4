/** ONNX Runtime that does not come up, as against a model that it does not take. */
import { PhotoglotError } from '../errors';
import { isOutOfMemory } from './out-of-memory';

/** ORT loads its WASM only with the first session, and says no more than this when it cannot. */
export function isNotStarted(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message.startsWith('no available backend found');
}

/** `backend-unavailable`, or `out-of-memory`; an error of the family as it is. */
export function notStarted(ortUrl: string, thrown: unknown): PhotoglotError {
  if (thrown instanceof PhotoglotError) return thrown;
  // Its WASM begins with some memory of its own.
  const code = isOutOfMemory(thrown) ? 'out-of-memory' : 'backend-unavailable';
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `ONNX Runtime could not be started from ${ortUrl}. ${detail}`;
  return new PhotoglotError(code, message, { cause: thrown });
}
