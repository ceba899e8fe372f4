import { PhotoglotError } from '../../errors';

/** Throws `invalid-input` unless `limit`, of rows to keep, is a whole number of at least 1. */
export function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1) return;
  throw new PhotoglotError('invalid-input', `A scan keeps 1 row or more, got ${String(limit)}.`);
}
