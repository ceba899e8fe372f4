/** Scattered rows, read ahead. */

const LINE: usize = 64;

/**
 * Reads a number of each line of the processor's cache, so that the lines of several rows are on
 * their way at once. A row that is worked on fills the processor's window: without this it waits for
 * the lines of row after row.
 */
@inline
export function touch(row: usize, size: usize): void {
  for (const end = row + size; row < end; row += LINE) load<u8>(row);
}
