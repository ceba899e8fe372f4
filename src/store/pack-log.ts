/** Rows of the log become a packed file. */
import { NEVER } from '../core/never';
import type { ItemRecord } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import { packDeaths } from './deaths';
import type { LogMemory } from './log-memory';
import { moveRows } from './move-rows';
import { Codebook } from './packed/codebook';
import { packRows } from './packed/pack-rows';
import { randomSeed, RowMean } from './row-mean';
import {
  filesOf,
  layoutOf,
  partsOf,
  segmentsOf,
  type CollectionRecord,
  type StoredFile,
} from './schema';
import type { KeptCollection } from './upkeep';
import { changeWrites } from './write-change';
import type { Put, Writes } from './writes';

/** Rows that are copied at a time. */
const BLOCK_ROWS = 128;
/** Rows that the mean is taken of, at equal distances. */
const SAMPLE_ROWS = 8192;

/**
 * Packs the first segments of the log of `memory`; whether it did, which it does not when others moved rows
 * meanwhile. Rejects as writing the file does.
 */
export function packLog(
  kept: KeptCollection,
  memory: CollectionMemory,
  segments: number,
): Promise<boolean> {
  const { record, log } = memory;
  const end = log.first + segments * record.segmentRows;
  const items = log.items(log.first, end);
  const rows = items.length;
  return moveRows(kept, memory, {
    write: (folder, name) => {
      const codebook = memory.packed?.codebook ?? new Codebook(meanOf(log, end), randomSeed());
      return packRows(folder, name, { codebook, rows, blocks: blocksOf(log, items) }, NEVER);
    },
    plan: (name, now) => packedWrites(now, { file: { name, rows }, items, segments }),
  });
}

/** A file that is written, and what it is of. */
interface PackedSegments {
  readonly file: StoredFile;
  /** As they are in it. */
  readonly items: readonly (ItemRecord | null)[];
  readonly segments: number;
}

/** What the record and the database become when the first segments of the log are in the file. */
function packedWrites(
  memory: CollectionMemory,
  { file, items, segments }: PackedSegments,
): [CollectionRecord, Writes] {
  const { log } = memory;
  const moved = movedItems(memory, items);
  const { record, deletions, puts } = moved;
  const { first } = segmentsOf(record);
  const parts = partsOf(record);
  const keys = IDBKeyRange.bound([parts, first], [parts, first + segments - 1]);
  const dead = packDeaths(file.rows, (index) => moved.isDead(log.first + index));
  const isLeft = (put: Put): boolean =>
    (put.store !== 'items' && put.store !== 'vectors') || put.key[1] >= first + segments;
  return [
    {
      ...record,
      files: [...filesOf(record), file],
      firstSegment: first + segments,
      layout: layoutOf(record) + 1,
    },
    {
      deletions: [...deletions, { store: 'vectors', keys }, { store: 'items', keys }],
      puts: [
        ...puts.filter(isLeft),
        ...(dead === null
          ? []
          : [{ store: 'deaths', key: [parts, file.name], value: dead } satisfies Put]),
      ],
    },
  ];
}

/**
 * Items that changed while the file was written: its rows do not, so they die, and the items move to the
 * end of the log, as they would if they changed afterwards.
 */
function movedItems(memory: CollectionMemory, items: readonly (ItemRecord | null)[]) {
  const { record, log } = memory;
  const rows = items.flatMap((item, index) =>
    isChanged(item, log.itemAt(log.first + index)) ? log.first + index : [],
  );
  const isMoved = new Set(rows);
  const isDead = (row: number): boolean => isMoved.has(row) || log.itemAt(row) === null;
  if (rows.length === 0) return { record, deletions: [], puts: [], isDead };
  const { dimension } = record;
  const vectors = new Float32Array(rows.length * dimension);
  const changed = new Map<number, ItemRecord | null>();
  rows.forEach((row, place) => {
    vectors.set(log.slice(row, row + 1).vectors, place * dimension);
    changed.set(row, null);
    changed.set(log.end + place, log.itemAt(row));
  });
  const { revision } = record;
  const after = { ...record, rows: log.end + rows.length, revision: revision + 1 };
  const change = { record: after, vectors, items: changed };
  return { record: after, isDead, ...changeWrites(memory, change, new Map()) };
}

/** Whether an item that lived is another by now. One that died is none any more. */
function isChanged(before: ItemRecord | null, now: ItemRecord | null): boolean {
  if (before === now || now === null) return false;
  // Read anew, but the same, as a rule.
  return JSON.stringify(before) !== JSON.stringify(now);
}

async function* blocksOf(log: LogMemory, items: readonly (ItemRecord | null)[]) {
  for (let start = 0; start < items.length; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, items.length);
    const { vectors } = log.slice(log.first + start, log.first + end);
    yield await Promise.resolve({ vectors, items: items.slice(start, end) });
  }
}

/** Of rows before `end`. */
function meanOf(log: LogMemory, end: number): Float32Array<ArrayBuffer> {
  const mean = new RowMean(log.dimension);
  const step = Math.max(1, Math.floor((end - log.first) / SAMPLE_ROWS));
  for (let row = log.first; row < end; row += step) mean.add(log.slice(row, row + 1).vectors);
  return mean.value();
}
