/** Rows of the log become a packed file. */
import type { ItemRecord } from '../protocol/store-contract';
import type { CollectionMemory } from './collection-memory';
import type { LogMemory } from './log-memory';
import { Codebook } from './packed/codebook';
import { packRows } from './packed/pack-rows';
import { randomSeed, RowMean } from './row-mean';
import {
  filesOf,
  isSamePlace,
  layoutOf,
  partsOf,
  segmentsOf,
  type CollectionRecord,
  type StoredFile,
} from './schema';
import type { KeptCollection } from './upkeep';
import { deathPuts } from './write-change';
import type { Writes } from './writes';

/** Rows that are copied at a time. */
const BLOCK_ROWS = 128;
/** Rows that the mean is taken of, at equal distances. */
const SAMPLE_ROWS = 8192;

/**
 * Packs the first segments of the log of `memory`; whether it did, which it does not when others changed
 * these items or moved rows meanwhile. Rejects as writing the file does.
 */
export async function packLog(
  { packs, vaults, newest, commit }: KeptCollection,
  memory: CollectionMemory,
  segments: number,
): Promise<boolean> {
  const { record, log } = memory;
  const [first, end] = [log.first, log.first + segments * record.segmentRows];
  const items = log.items(first, end);
  const codebook = memory.packed?.codebook ?? new Codebook(meanOf(log, end), randomSeed());
  const { name, release } = await packs.reserve();
  const file = { name, rows: end - first };
  let isCommitted = false;
  try {
    const blocks = blocksOf(log, items);
    const { signal } = new AbortController();
    const folder = await packs.folderOf(await vaults.formOf(record));
    await packRows(folder, name, { codebook, rows: file.rows, blocks }, signal);
    while (!isCommitted) {
      const now = await newest();
      try {
        if (!isSamePlace(now.memory.record, record)) break;
        if (items.some((item, index) => isChanged(item, now.memory.log.itemAt(first + index))))
          break;
        // That of now: the memory itself goes on.
        const before = now.memory.record;
        const [after, writes] = packedWrites(now.memory, file, segments);
        isCommitted = await commit(before, after, writes);
      } finally {
        now.release();
      }
    }
  } finally {
    release();
    if (!isCommitted) await packs.remove([file]);
  }
  return isCommitted;
}

/** What the record and the database become when the first segments of the log are in `file`. */
function packedWrites(
  memory: CollectionMemory,
  file: StoredFile,
  segments: number,
): [CollectionRecord, Writes] {
  const { record, log } = memory;
  const { first } = segmentsOf(record);
  const parts = partsOf(record);
  const after = {
    ...record,
    files: [...filesOf(record), file],
    firstSegment: first + segments,
    layout: layoutOf(record) + 1,
  };
  const keys = IDBKeyRange.bound([parts, first], [parts, first + segments - 1]);
  return [
    after,
    {
      deletions: [
        { store: 'vectors', keys },
        { store: 'items', keys },
      ],
      puts: deathPuts(
        after,
        (row) => log.itemAt(row) === null,
        (start) => start === log.first,
      ),
    },
  ];
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
