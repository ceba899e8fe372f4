/** Cuts a vertical pass that reads the source itself, so that little of it is in memory at a time. */
import type { ResizeKernel } from './resize-kernel';

/** Output rows [first, last), and the source rows [from, to) that they are made of. */
export interface Strip {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}

/** Strips that read at most `limit` source rows each, or are a single output row. */
export function stripsOf({ starts, counts }: ResizeKernel, limit: number): Strip[] {
  // Rows of the source are read in order: a later output neither begins nor ends before an earlier.
  const endOf = (row: number): number => (starts[row] as number) + (counts[row] as number);
  const strips: Strip[] = [];
  for (let first = 0, last; first < starts.length; first = last) {
    const from = starts[first] as number;
    last = first + 1;
    while (last < starts.length && endOf(last) - from <= limit) last++;
    strips.push({ first, last, from, to: endOf(last - 1) });
  }
  return strips;
}
