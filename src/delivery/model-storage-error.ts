/** What the database of models throws, as errors of the family. */
import { isPhotoglotError, PhotoglotError } from '../errors';

/**
 * The browser's `AbortError` here means that a transaction was rolled back, not that the caller
 * aborted: it becomes `storage`, like all that has no code of its own.
 */
export function toModelStorageError(thrown: unknown): PhotoglotError {
  if (isPhotoglotError(thrown)) return thrown;
  switch (thrown instanceof Error ? thrown.name : '') {
    case 'QuotaExceededError':
      return new PhotoglotError(
        'quota-exceeded',
        'The storage of this origin is full: nothing of this write was kept, what was stored ' +
          'before it stays. Free disk space, delete models or other data of the site, or load the ' +
          "model with storage: 'memory'.",
        { cause: thrown },
      );
    case 'VersionError':
      return new PhotoglotError(
        'storage-version',
        'The stored models were written by a newer release of Photoglot: reload the page to get it.',
        { cause: thrown },
      );
    default:
      return new PhotoglotError(
        'storage',
        `The browser does not let models be stored or read (${reasonOf(thrown)}). A private ` +
          "window or a setting may forbid it: load the model with storage: 'memory', which keeps " +
          'nothing.',
        { cause: thrown },
      );
  }
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
}
