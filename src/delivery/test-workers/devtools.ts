/** The browser's own switches, for what no page can bring about. */
import { deleteDB, openDB } from 'idb';
import { cdp } from 'vitest/browser';

const { origin } = globalThis.location;

/** Leaves the origin so many bytes; null for what the disk gives. */
export async function setQuota(bytes: number | null): Promise<void> {
  await send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(bytes === null ? {} : { quotaSize: bytes }),
  });
}

/**
 * Deletes all databases. Chromium remembers for a while how much room an origin had; with this it
 * asks again: to be called behind {@link setQuota}.
 */
export async function forgetDatabases(): Promise<void> {
  await send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  // It answers before the last connections are closed, and takes those along that come too early.
  for (let attempt = 0; !(await isUsable()); attempt++) {
    if (attempt === 20) throw new Error('IndexedDB does not come back after it was cleared.');
  }
}

async function isUsable(): Promise<boolean> {
  const name = `usable ${crypto.randomUUID()}`;
  try {
    const database = await openDB(name, 1, {
      upgrade(made) {
        made.createObjectStore('any');
      },
    });
    await database.put('any', 1, 1);
    database.close();
    await deleteDB(name);
    return true;
  } catch {
    return false;
  }
}

function send(method: string, parameters: object): Promise<unknown> {
  // The provider's types, which add `send`, are not loaded in this project.
  const session = cdp() as unknown as {
    send(method: string, parameters: object): Promise<unknown>;
  };
  return session.send(method, parameters);
}
