import { isPhotoglotError, PhotoglotError } from '../errors';

/**
 * Brings what the database threw into the error family. The browser's `AbortError` here means
 * that a transaction was rolled back, not that the caller aborted: it becomes `storage`.
 */
export function toStorageError(thrown: unknown): PhotoglotError {
  if (isPhotoglotError(thrown)) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'QuotaExceededError') {
    return new PhotoglotError(
      'quota-exceeded',
      'The storage of this origin is full: nothing of this write was kept. Delete items, or ' +
        'other data of the site.',
      { cause: thrown },
    );
  }
  if (name === 'VersionError') {
    return new PhotoglotError(
      'storage-version',
      'The collections were written by a newer release of Photoglot: reload the page to get it.',
      { cause: thrown },
    );
  }
  const reason = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new PhotoglotError('storage', `The database failed (${reason}).`, { cause: thrown });
}
