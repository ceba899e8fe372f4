/** Packed files become one, or are written anew without their dead rows. */
import type { CollectionMemory } from './collection-memory';
import type { UpkeepStep } from './choose-upkeep';
import { placedFiles, type PlacedFile } from './deaths';
import type { NewFile } from './pack-files';
import { mergePacked } from './packed/merge-packed';
import {
  filesOf,
  isSamePlace,
  layoutOf,
  partsOf,
  type CollectionRecord,
  type StoredFile,
} from './schema';
import type { KeptCollection } from './upkeep';
import { deathPuts } from './write-change';
import type { Deletion, Writes } from './writes';

/** A file that takes the place of others. */
interface Rewritten {
  /** Those, one behind the other. */
  readonly old: readonly PlacedFile[];
  /** The rows of them that it holds, ascending. */
  readonly rows: Uint32Array;
  readonly made: NewFile;
}

/**
 * Writes the files anew; whether it did, which it does not when others moved rows meanwhile. Rejects as
 * writing a file does.
 */
export async function rewriteFiles(
  kept: KeptCollection,
  memory: CollectionMemory,
  step: Extract<UpkeepStep, { readonly kind: 'merge' | 'drop-dead' }>,
): Promise<boolean> {
  const { packs, newest, commit } = kept;
  const files = placedFiles(memory.record);
  const isDropping = step.kind === 'drop-dead';
  const groups = isDropping
    ? step.files.flatMap((index) => [files.slice(index, index + 1)])
    : [files.slice(step.from)];
  const rewritten: Rewritten[] = [];
  let isCommitted = false;
  try {
    for (const old of groups) {
      const rows = rowsOf(old).filter((row) => !isDropping || memory.isLive(row));
      const made = await packs.reserve();
      rewritten.push({ old, rows, made });
      if (rows.length > 0) await write(kept, memory, made.name, rows);
    }
    while (!isCommitted) {
      const now = await newest();
      try {
        if (!isSamePlace(now.memory.record, memory.record)) break;
        // That of now: the memory itself goes on.
        const before = now.memory.record;
        const [after, writes] = rewrittenWrites(now.memory, rewritten, isDropping);
        isCommitted = await commit(before, after, writes);
      } finally {
        now.release();
      }
    }
  } finally {
    for (const { made } of rewritten) made.release();
    const unused = isCommitted
      ? rewritten.flatMap(({ old }) => old)
      : rewritten.map(({ made: { name }, rows }) => ({ name, rows: rows.length }));
    await packs.remove(unused);
  }
  return isCommitted;
}

async function write(
  { packs, vaults }: KeptCollection,
  { packed, record }: CollectionMemory,
  name: string,
  rows: Uint32Array,
): Promise<void> {
  if (packed === null) return;
  const { signal } = new AbortController();
  const folder = await packs.folderOf(await vaults.formOf(record));
  await mergePacked(folder, name, packed.shared.value, rows, signal);
}

function rowsOf(files: readonly PlacedFile[]): Uint32Array {
  const first = files[0]?.first ?? 0;
  const count = files.reduce((sum, { rows }) => sum + rows, 0);
  return Uint32Array.from({ length: count }, (_, index) => first + index);
}

function rewrittenWrites(
  memory: CollectionMemory,
  rewritten: readonly Rewritten[],
  isDropping: boolean,
): [CollectionRecord, Writes] {
  const { record } = memory;
  const parts = partsOf(record);
  const madeOf = new Map(rewritten.flatMap((each) => each.old.map(({ name }) => [name, each])));
  /** Where the rows of the files were before. */
  const sources: number[] = [];
  const files: StoredFile[] = [];
  for (const file of placedFiles(record)) {
    const made = madeOf.get(file.name);
    // The first of those that become one stands for all of them.
    if (made !== undefined && made.old[0]?.name !== file.name) continue;
    const rows = made?.rows ?? rowsOf([file]);
    if (rows.length > 0) files.push({ name: made?.made.name ?? file.name, rows: rows.length });
    for (const row of rows) sources.push(row);
  }
  const dropped = rowsOf(placedFiles(record)).length - sources.length;
  const after: CollectionRecord = {
    ...record,
    files,
    rows: record.rows - dropped,
    generation: isDropping ? crypto.randomUUID() : record.generation,
    layout: layoutOf(record) + 1,
  };
  const names = new Set(filesOf(record).map(({ name }) => name));
  const starts = new Set(
    placedFiles(after).flatMap(({ name, first }) => (names.has(name) ? [] : first)),
  );
  return [
    after,
    {
      deletions: rewritten.flatMap(({ old }) =>
        old.map(({ name }): Deletion => ({ store: 'deaths', keys: [parts, name] })),
      ),
      puts: deathPuts(
        after,
        (row) => !memory.isLive(sources[row] ?? 0),
        (first) => starts.has(first),
      ),
    },
  ];
}
