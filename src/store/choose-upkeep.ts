/** What to do next, so that a large collection stays in few files and little memory. */
import { placedFiles } from './deaths';
import type { PackingLimits } from './packing-limits';
import { filesOf, packedRowsOf, segmentsOf, type CollectionRecord } from './schema';

export type UpkeepStep =
  /** The first so many segments of the log become a file. */
  | { readonly kind: 'pack'; readonly segments: number }
  /** Files from this one to the last become one. */
  | { readonly kind: 'merge'; readonly from: number }
  /** This file is written anew without its dead rows, or dropped if there are no others. */
  | { readonly kind: 'drop-dead'; readonly file: number };

/**
 * Null when nothing is worthwhile.
 * @param deadRows how many of rows `first` … `end − 1` are dead
 * @param isWanted kinds of steps to choose from
 */
export function chooseUpkeep(
  record: CollectionRecord,
  deadRows: (first: number, end: number) => number,
  limits: PackingLimits,
  isWanted: (kind: UpkeepStep['kind']) => boolean = () => true,
): UpkeepStep | null {
  const segments = isWanted('pack') ? segmentsToPack(record, limits) : 0;
  if (segments > 0) return { kind: 'pack', segments };
  const file = isWanted('drop-dead') ? fileToClear(record, deadRows, limits) : null;
  if (file !== null) return { kind: 'drop-dead', file };
  const from = isWanted('merge') ? firstToMerge(record, limits) : null;
  return from === null ? null : { kind: 'merge', from };
}

/** The one with the largest share of dead rows: one at a time, so that each step makes room for the next. */
function fileToClear(
  record: CollectionRecord,
  deadRows: (first: number, end: number) => number,
  { deadShare }: PackingLimits,
): number | null {
  const shares = placedFiles(record).map(({ first, rows }) => deadRows(first, first + rows) / rows);
  const most = Math.max(...shares);
  return most >= deadShare ? shares.indexOf(most) : null;
}

/** Bytes of the vectors in the log. */
export function logBytes(record: CollectionRecord): number {
  const rows = record.rows - packedRowsOf(record);
  return rows * record.dimension * Float32Array.BYTES_PER_ELEMENT;
}

function segmentsToPack(record: CollectionRecord, limits: PackingLimits): number {
  const { rows, dimension, segmentRows } = record;
  const isPacked = filesOf(record).length > 0;
  const isWorthwhile = isPacked
    ? logBytes(record) >= limits.logBytes
    : limits.isLarge(rows, dimension);
  if (!isWorthwhile) return 0;
  const { first, end } = segmentsOf(record);
  const isLastFull = (rows - packedRowsOf(record)) % segmentRows === 0;
  const full = end - first - (isLastFull ? 0 : 1);
  return Math.min(full, Math.max(1, Math.floor(limits.fileRows / segmentRows)));
}

/**
 * The first of the last files that are worth being one: enough of them, and the first no larger than the
 * others together, so that a row is written a few times only.
 */
function firstToMerge(
  record: CollectionRecord,
  { mergedFiles, fileRows }: PackingLimits,
): number | null {
  const files = filesOf(record);
  for (let from = 0; from <= files.length - mergedFiles; from++) {
    const [first = 0, ...others] = files.slice(from).map(({ rows }) => rows);
    const rest = others.reduce((sum, rows) => sum + rows, 0);
    if (first <= rest && first + rest <= fileRows) return from;
  }
  return null;
}
