/** Opens the database of models, making or migrating it, and lets go of it when others need it. */
import { openDB } from 'idb';
import { PhotoglotError } from '../errors';
import {
  migrateModels,
  MODELS_DATABASE_VERSION,
  type ModelsDatabase,
  type ModelsSchema,
} from './models-schema';
import type { VersionChange } from './models-version-1';

/** Tabs close their connection when asked to; one that does not within this time (ms) is stuck. */
const BLOCKED_MS = 10_000;

/**
 * `onLost` is called when the connection ends: the browser took it away, or it made way for a
 * newer release in another tab. Where what an older release kept cannot be carried over (moving
 * it may need as much room again) it is dropped instead: a download is a smaller loss than a
 * database that never opens again.
 */
export async function openModelsDatabase(
  name: string,
  onLost: () => void,
): Promise<ModelsDatabase> {
  const attempt = { isMigrationFailed: false };
  try {
    return await connect(name, onLost, true, attempt);
  } catch (thrown) {
    if (!attempt.isMigrationFailed) throw thrown;
    return connect(name, onLost, false, attempt);
  }
}

function connect(
  name: string,
  onLost: () => void,
  isKept: boolean,
  attempt: { isMigrationFailed: boolean },
): Promise<ModelsDatabase> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    openDB<ModelsSchema>(name, MODELS_DATABASE_VERSION, {
      upgrade(_database, oldVersion, _newVersion, transaction) {
        const change = transaction as unknown as VersionChange;
        const fail = (): void => {
          attempt.isMigrationFailed = true;
        };
        // Also when the disk turns out to be full at the very end, on the commit.
        change.done.catch(fail);
        migrateModels(change, oldVersion, isKept).catch(() => {
          fail();
          abort(change);
        });
      },
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

function abort(change: VersionChange): void {
  try {
    change.abort();
  } catch {
    // It has ended already: a failed request rolls back by itself.
  }
}

function blockedError(): PhotoglotError {
  return new PhotoglotError(
    'storage',
    'The stored models have to be migrated, but another tab with an older release of this page ' +
      'keeps them open: close it and try again.',
  );
}
