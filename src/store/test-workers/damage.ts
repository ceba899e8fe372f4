/** Damages what is stored of a collection, past the store. */
import { openDB, type IDBPDatabase } from 'idb';
import type { CollectionRecord } from '../schema';

/** Runs `work` on the database itself. */
export async function onDisk<Result>(
  work: (database: IDBPDatabase) => Promise<Result>,
): Promise<Result> {
  const database = await openDB('photoglot-store');
  try {
    return await work(database);
  } finally {
    database.close();
  }
}

export async function recordOf(name: string): Promise<CollectionRecord> {
  return onDisk(async (database) => (await database.get('collections', name)) as CollectionRecord);
}

/** Puts what `change` makes of a value in its place. */
export async function changeValue<Value>(
  store: string,
  key: IDBValidKey,
  change: (value: Value) => unknown,
): Promise<void> {
  await onDisk(async (database) => {
    const changed = change((await database.get(store, key)) as Value);
    if (changed === undefined) await database.delete(store, key);
    else if (store === 'collections') await database.put(store, changed);
    else await database.put(store, changed, key);
  });
}

/** Puts what `change` makes of a packed file in its place; nobody may have it open. */
export async function changeFile(
  name: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | null,
): Promise<void> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('photoglot');
  const handle = await folder.getFileHandle(name);
  const changed = change(new Uint8Array(await (await handle.getFile()).arrayBuffer()));
  if (changed === null) {
    await folder.removeEntry(name);
    return;
  }
  const writing = await handle.createWritable();
  await writing.write(changed);
  await writing.close();
}

/** Where a section of a plain packed file begins, and its bytes (segment-format.ts). */
export function sectionOf(
  file: Uint8Array,
  kind: number,
): { readonly at: number; readonly bytes: number } {
  const view = new DataView(file.buffer);
  for (let entry = 32; entry < 32 + 32 * view.getUint16(6, true); entry += 32) {
    if (view.getUint16(entry, true) !== kind) continue;
    return {
      at: Number(view.getBigUint64(entry + 8, true)),
      bytes: Number(view.getBigUint64(entry + 16, true)),
    };
  }
  throw new Error(`There is no section ${kind}.`);
}

/** A copy with a bit of one byte turned. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
