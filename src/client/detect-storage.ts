/** Tries the database, and asks what room there is. */
import type { StorageCapabilities } from './capability-report';
import { within } from './within';

/** Milliseconds; a database that is blocked or broken may never answer. */
const PATIENCE_MS = 5_000;

/** Never rejects. */
export async function detectStorage(): Promise<StorageCapabilities> {
  // Absent outside secure contexts, whatever the type says.
  const manager = navigator.storage as StorageManager | undefined;
  const [indexedDb, { quota, usage }, persisted] = await Promise.all([
    within(PATIENCE_MS, canStore, false),
    within<StorageEstimate>(PATIENCE_MS, async () => (await manager?.estimate()) ?? {}, {}),
    within(PATIENCE_MS, async () => (await manager?.persisted()) ?? null, null),
  ]);
  return { indexedDb, quota: quota ?? null, usage: usage ?? null, persisted };
}

/** Writes a record into a database of its own and reads it; some browsers only fail when writing. */
async function canStore(): Promise<boolean> {
  const name = `photoglot-probe-${crypto.randomUUID()}`;
  const opening = indexedDB.open(name);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('probe');
  };
  const database = await resultOf(opening);
  try {
    const records = database.transaction('probe', 'readwrite').objectStore('probe');
    await resultOf(records.put(1, 'key'));
    return (await resultOf(records.get('key'))) === 1;
  } finally {
    database.close();
    await resultOf(indexedDB.deleteDatabase(name));
  }
}

function resultOf<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('The request failed.'));
    };
  });
}
