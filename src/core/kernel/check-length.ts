import { PhotoglotError } from '../../errors';

/** Throws `dimension-mismatch` unless there are just so many numbers. @param what they are */
export function checkLength(what: string, { length }: ArrayLike<number>, expected: number): void {
  if (length === expected) return;
  throw new PhotoglotError(
    'dimension-mismatch',
    `Expected ${String(expected)} ${what}, got ${String(length)}.`,
  );
}
