/** What is kept beside items, pictures and signals: whether it can be read, and whose it is. */
import type { Database } from '../database';
import { keysOf, partsOf, type CollectionRecord } from '../schema';
import type { StoredForm } from '../sealed/stored-form';
import { storedValue, survivor } from './damage';
import type { RowNames } from './row-names';

/** Keys read at a time. */
const KEYS = 4096;
/** Values read at a time. */
const VALUES = 16;

const STORES = ['thumbnails', 'originals', 'sparse', 'tokens'] as const;

type AttachmentStore = (typeof STORES)[number];

export interface FaultyAttachment {
  readonly store: AttachmentStore;
  readonly key: [string, string];
  readonly fault: 'damaged' | 'left';
}

interface AttachmentSource {
  readonly database: Database;
  readonly form: StoredForm;
}

export async function countAttachments(
  { database }: AttachmentSource,
  record: CollectionRecord,
): Promise<number> {
  const keys = keysOf(partsOf(record));
  const counts = await Promise.all(
    STORES.map((store) => database.query((opened) => opened.count(store, keys))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Those that are damaged or nobody's. Rejects with the signal's reason.
 * @param names of all items, as keys have them
 * @param onProgress is told how many more have been checked
 */
export async function checkAttachments(
  source: AttachmentSource,
  record: CollectionRecord,
  names: RowNames,
  signal: AbortSignal,
  onProgress: (attachments: number) => void,
): Promise<FaultyAttachment[]> {
  const faulty: FaultyAttachment[] = [];
  for (const store of STORES) {
    for await (const keys of attachmentKeys(source.database, store, partsOf(record))) {
      for (let start = 0; start < keys.length; start += VALUES) {
        signal.throwIfAborted();
        const some = keys.slice(start, start + VALUES);
        const checked = await Promise.all(
          some.map(async (key): Promise<FaultyAttachment[]> => {
            if (!names.has(key[1])) return [{ store, key, fault: 'left' }];
            const isSound = await isReadable(source, store, key);
            return isSound ? [] : [{ store, key, fault: 'damaged' }];
          }),
        );
        faulty.push(...checked.flat());
        onProgress(some.length);
      }
    }
  }
  return faulty;
}

async function* attachmentKeys(
  database: Database,
  store: AttachmentStore,
  parts: string,
): AsyncGenerator<[string, string][]> {
  let range = keysOf(parts);
  for (;;) {
    const keys = await database.query((opened) => opened.getAllKeys(store, range, KEYS));
    const last = keys.at(-1);
    if (last === undefined) return;
    yield keys;
    range = IDBKeyRange.bound(last, [parts, []], true);
  }
}

/** Encrypted ones are read as a whole; of plain ones nothing tells more than that they can be read. */
async function isReadable(
  { database, form }: AttachmentSource,
  store: AttachmentStore,
  key: [string, string],
): Promise<boolean> {
  const value = await storedValue(database, (opened) => opened.get(store, key));
  if (value === undefined) return true;
  const isSound = await survivor(async () => {
    if (store === 'sparse' || store === 'tokens') {
      if (!(value instanceof ArrayBuffer)) return false;
      await form.signal(store, key, value);
      return true;
    }
    if (!(value instanceof Blob)) return false;
    const picture = await form.picture(store, key, value);
    return picture
      .slice(0, 1)
      .arrayBuffer()
      .then(
        () => true,
        () => false,
      );
  });
  return isSound === true;
}
