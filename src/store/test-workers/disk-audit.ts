/** What lies on disk beside what collections name: read from the disk itself, past the store. */
import { openDB } from 'idb';

/** Pictures, by `[parts, id]`. */
const PICTURE_STORES = ['thumbnails', 'originals'];

/** What the audit has to know of a record. */
interface NamedRecord {
  readonly name: string;
  readonly storedAs?: string;
}

/**
 * Keys and files that no record of a collection names, and pictures of items that are not there.
 *
 * @param name of a collection
 * @param ids of its items
 */
export async function leftovers(name: string, ids: ReadonlySet<string>): Promise<string[]> {
  const database = await openDB('photoglot-store');
  try {
    const records = (await database.getAll('collections')) as NamedRecord[];
    const record = records.find((each) => each.name === name);
    const own = record?.storedAs ?? name;
    const parts = new Set(records.map(({ name, storedAs = name }) => storedAs));
    // A file or block belongs to whoever's record says its name, wherever it says so.
    const named = JSON.stringify(records);
    const left: string[] = [];
    for (const store of database.objectStoreNames) {
      if (store === 'collections') continue;
      for (const key of await database.getAllKeys(store)) {
        const [first, second] = Array.isArray(key) ? key : [key];
        const isNamed =
          (typeof first === 'string' && parts.has(first)) || named.includes(JSON.stringify(first));
        const isPicture = PICTURE_STORES.includes(store) && first === own;
        const isGone = isPicture && !(typeof second === 'string' && ids.has(second));
        if (!isNamed || isGone) left.push(`${store} ${JSON.stringify(key)}`);
      }
    }
    const files = await storedFiles();
    return [...left, ...files.filter((file) => !named.includes(JSON.stringify(file)))];
  } finally {
    database.close();
  }
}

/** Names of all files, in whatever folder. */
export async function storedFiles(): Promise<string[]> {
  return fileNames(await navigator.storage.getDirectory());
}

async function fileNames(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind === 'file') names.push(name);
    else names.push(...(await fileNames(handle)));
  }
  return names;
}
