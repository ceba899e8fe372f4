/** What to do next, so that a large collection stays in few files and little memory. */
import { placedFiles } from './deaths';
import type { PackingLimits } from './packing-limits';
import { filesOf, packedRowsOf, segmentsOf, type CollectionRecord } from './schema';

export type UpkeepStep =
  /** The first so many segments of the log become a file. */
  | { readonly kind: 'pack'; readonly segments: number }
  /** Files from this one to the last become one. */
  | { readonly kind: 'merge'; readonly from: number }
  /** These files are written anew without their dead rows. */
  | { readonly kind: 'drop-dead'; readonly files: readonly number[] };

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
  const dropping = isWanted('drop-dead') ? filesToClear(record, deadRows, limits) : [];
  if (dropping.length > 0) return { kind: 'drop-dead', files: dropping };
  const from = isWanted('merge') ? firstToMerge(record, limits) : null;
  return from === null ? null : { kind: 'merge', from };
}

function filesToClear(
  record: CollectionRecord,
  deadRows: (first: number, end: number) => number,
  limits: PackingLimits,
): number[] {
  return placedFiles(record).flatMap(({ first, rows }, index) =>
    deadRows(first, first + rows) >= limits.deadShare * rows ? index : [],
  );
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
