/** Packed files become one, or are written anew without their dead rows. */
import { NEVER } from '../core/never';
import type { CollectionMemory } from './collection-memory';
import type { UpkeepStep } from './choose-upkeep';
import { packDeaths, placedFiles, type PlacedFile } from './deaths';
import { moveRows } from './move-rows';
import { mergePacked } from './packed/merge-packed';
import { filesOf, layoutOf, partsOf, type CollectionRecord } from './schema';
import type { KeptCollection } from './upkeep';
import type { Deletion, Writes } from './writes';

/** A file that takes the place of others. */
interface Rewritten {
  /** Those, one behind the other. */
  readonly old: readonly PlacedFile[];
  /** The rows of them that it holds, ascending. */
  readonly rows: Uint32Array;
  readonly name: string;
}

/**
 * Writes files anew, as one; whether it did, which it does not when others moved rows meanwhile. Rejects as
 * writing a file does.
 */
export function rewriteFiles(
  kept: KeptCollection,
  memory: CollectionMemory,
  step: Extract<UpkeepStep, { readonly kind: 'merge' | 'drop-dead' }>,
): Promise<boolean> {
  const files = placedFiles(memory.record);
  const isDropping = step.kind === 'drop-dead';
  const old = isDropping ? files.slice(step.file, step.file + 1) : files.slice(step.from);
  const all = rowsOf(old);
  const rows = isDropping ? all.filter((row) => memory.isLive(row)) : all;
  return moveRows(kept, memory, {
    write: async (folder, name) => {
      if (memory.packed === null || rows.length === 0) return;
      const isDead = (row: number): boolean => !memory.isLive(row);
      await mergePacked(folder, name, memory.packed.shared.value, rows, NEVER, isDead);
    },
    plan: (name, now) => rewrittenWrites(now, { old, rows, name }),
  });
}

function rowsOf(files: readonly PlacedFile[]): Uint32Array {
  const first = files[0]?.first ?? 0;
  const rows = new Uint32Array(files.reduce((sum, file) => sum + file.rows, 0));
  for (let index = 0; index < rows.length; index++) rows[index] = first + index;
  return rows;
}

function rewrittenWrites(
  memory: CollectionMemory,
  { old, rows, name }: Rewritten,
): [CollectionRecord, Writes] {
  const { record } = memory;
  const parts = partsOf(record);
  const files = filesOf(record);
  const from = files.findIndex((file) => file.name === old[0]?.name);
  const oldRows = old.reduce((sum, file) => sum + file.rows, 0);
  const isNumbered = rows.length === oldRows;
  const after: CollectionRecord = {
    ...record,
    files: [
      ...files.slice(0, from),
      ...(rows.length === 0 ? [] : [{ name, rows: rows.length }]),
      ...files.slice(from + old.length),
    ],
    rows: record.rows - oldRows + rows.length,
    generation: isNumbered ? record.generation : crypto.randomUUID(),
    layout: layoutOf(record) + 1,
  };
  const dead = packDeaths(rows.length, (index) => !memory.isLive(rows[index] ?? 0));
  return [
    after,
    {
      deletions: old.map((file): Deletion => ({ store: 'deaths', keys: [parts, file.name] })),
      puts: dead === null ? [] : [{ store: 'deaths', key: [parts, name], value: dead }],
    },
  ];
}
