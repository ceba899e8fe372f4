/** Rows move to a packed file: it is written beside all else that is done, and named when it is whole. */
import type { SegmentFolder } from './segment/segment-file';
import type { CollectionMemory } from './collection-memory';
import { filesOf, isSamePlace, type CollectionRecord, type StoredFile } from './schema';
import type { KeptCollection } from './upkeep';
import type { Writes } from './writes';

export interface Move {
  /** Writes the file of that name; of none if it has no rows. */
  readonly write: (folder: SegmentFolder, name: string) => Promise<void>;
  /** What the record and the database become in the newest state, whose rows are where they were. */
  readonly plan: (name: string, now: CollectionMemory) => [CollectionRecord, Writes];
}

/**
 * Writes a file of rows of `memory`, and commits what names it; whether it did, which it does not when
 * others moved rows meanwhile. Files that are not named any more are removed. Rejects as writing does.
 */
export async function moveRows(
  { packs, vaults, newest, commit }: KeptCollection,
  memory: CollectionMemory,
  { write, plan }: Move,
): Promise<boolean> {
  const { record } = memory;
  const { name, release } = await packs.reserve();
  let isCommitted = false;
  let obsolete: readonly Pick<StoredFile, 'name'>[] = [{ name }];
  try {
    await write(await packs.folderOf(await vaults.formOf(record)), name);
    while (!isCommitted) {
      const now = await newest();
      try {
        // That of now: the memory itself goes on.
        const before = now.memory.record;
        if (!isSamePlace(before, record)) break;
        const [after, writes] = plan(name, now.memory);
        isCommitted = await commit(before, after, writes);
        if (isCommitted) obsolete = filesOf(before).filter((file) => !isIn(filesOf(after), file));
      } finally {
        now.release();
      }
    }
  } finally {
    release();
    await packs.remove(obsolete);
  }
  return isCommitted;
}

function isIn(files: readonly StoredFile[], { name }: StoredFile): boolean {
  return files.some((file) => file.name === name);
}
