/** Which rows a scan looks at. */
import { PhotoglotError } from '../../errors';

/** All rows, those whose bit is set, or those that are listed. */
export type RowSelection =
  | { readonly kind: 'all' }
  /** Row r by the bit r & 7 of byte r >> 3; ⌈rows / 8⌉ bytes at least. Bits behind the last row are ignored. */
  | { readonly kind: 'bits'; readonly bits: Uint8Array }
  /** Row numbers, ascending, each once. */
  | { readonly kind: 'rows'; readonly rows: Uint32Array };

/** Throws `invalid-input` where the selection is not of a table of `count` rows. */
export function checkSelection(selection: RowSelection, count: number): void {
  switch (selection.kind) {
    case 'all':
      return;
    case 'bits':
      if (8 * selection.bits.length < count) {
        throw new PhotoglotError(
          'invalid-input',
          `A filter of ${String(count)} rows has ${String(Math.ceil(count / 8))} bytes, ` +
            `got ${String(selection.bits.length)}.`,
        );
      }
      return;
    case 'rows':
      checkRows(selection.rows, count);
      return;
    default:
      selection satisfies never;
  }
}

function checkRows(rows: Uint32Array, count: number): void {
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
