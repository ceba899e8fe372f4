import { openDB } from 'idb';
import { PhotoglotError } from '../errors';
import {
  DATABASE_NAME,
  DATABASE_VERSION,
  migrate,
  type StoreDatabase,
  type StoreSchema,
} from './schema';

/** Tabs close their connection when asked to; one that does not within this time is stuck. */
const BLOCKED_MS = 10_000;

/**
 * Opens the database, creating or migrating it. `onLost` is called when the connection ends: the
 * browser took it away, or it made way for a newer release in another tab.
 */
export function openDatabase(onLost: () => void): Promise<StoreDatabase> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    openDB<StoreSchema>(DATABASE_NAME, DATABASE_VERSION, {
      upgrade: migrate,
      blocked() {
        timer = setTimeout(() => {
          isLate = true;
          reject(blockedError());
        }, BLOCKED_MS);
      },
      blocking(_current, _blocked, event) {
        (event.target as IDBDatabase).close();
        onLost();
      },
      terminated: onLost,
    })
      .then((database) => {
        // Nobody waits for it any more; left open it would in turn block others.
        if (isLate) database.close();
        resolve(database);
      }, reject)
      .finally(() => {
        clearTimeout(timer);
      });
  });
}

function blockedError(): PhotoglotError {
  return new PhotoglotError(
    'storage',
    'The collections have to be migrated, but another tab with an older release of this page ' +
      'keeps them open: close it and try again.',
  );
}
