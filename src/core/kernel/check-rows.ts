import { PhotoglotError } from '../../errors';

/** Throws `invalid-input` unless there is a bit for each of `count` rows. */
export function checkFilter(bits: Uint8Array, count: number): void {
  if (8 * bits.length >= count) return;
  throw new PhotoglotError(
    'invalid-input',
    `A filter of ${String(count)} rows has ${String(Math.ceil(count / 8))} bytes, ` +
      `got ${String(bits.length)}.`,
  );
}

/** Throws `invalid-input` unless they are numbers of `count` rows, ascending, each once. */
export function checkRows(rows: Uint32Array, count: number): void {
  let next = 0;
  for (const row of rows) {
    if (row < next || row >= count) {
      throw new PhotoglotError(
        'invalid-input',
        `Row numbers are ascending and less than ${String(count)}, got ${String(row)}.`,
      );
    }
    next = row + 1;
  }
}
