import { PhotoglotError } from '../errors';

/** The error of a file that is damaged, cut off, or not of its format. */
export function importInvalid(message: string, cause?: unknown): PhotoglotError {
  return new PhotoglotError('import-invalid', message, { cause });
}
