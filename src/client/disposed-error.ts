import { PhotoglotError } from '../errors';

/** The error of calls to what was disposed. */
export function disposedError(): PhotoglotError {
  return new PhotoglotError('disposed', 'This object was disposed: create a new one to go on.');
}
