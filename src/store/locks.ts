/**
 * Web Locks, which hold between tabs. Where there are none, as outside secure contexts, work is done at
 * once: what is right must not depend on them.
 */
import { lockManager } from '../protocol/lock-manager';

type Release = () => void;

/** What the lock of a collection's writes is called. */
export function writeLock(collection: string): string {
  return `photoglot-write:${collection}`;
}

/** Runs `work` when nobody else holds the lock of that name. */
export async function underLock<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const locks = lockManager();
  return locks === undefined ? work() : locks.request(name, work);
}

/** Runs `work` if nobody holds the lock of that name, whoever shares it included; null if somebody does. */
export async function ifNotLocked<Result>(
  name: string,
  work: () => Promise<Result>,
): Promise<Result | null> {
  const locks = lockManager();
  if (locks === undefined) return work();
  return locks.request(name, { ifAvailable: true }, (lock) => (lock === null ? null : work()));
}

/** Whether a lock tells if somebody is still at something. */
export function hasLocks(): boolean {
  return lockManager() !== undefined;
}

/**
 * Holds the lock of that name until the returned function is called, or the worker ends.
 * @param onReleased is called when it is no longer held; never where there are no locks
 */
export async function holdLock(
  name: string,
  mode: LockMode = 'exclusive',
  onReleased: () => void = () => undefined,
): Promise<Release> {
  const locks = lockManager();
  if (locks === undefined) return () => undefined;
  return new Promise((resolve, reject) => {
    locks
      .request(
        name,
        { mode },
        () =>
          new Promise<void>((letGo) => {
            resolve(letGo);
          }),
      )
      .then(onReleased)
      .catch(reject);
  });
}
