/**
 * Notices that a worker is gone. A worker that is terminated, closes itself or is killed by the
 * browser sends no event, and its calls would stay pending for ever. But a Web Lock is released
 * when its holder ends: the worker holds one, the page waits for it.
 */

import { lockManager } from './lock-manager';

/** Worker side: holds the lock for the worker's life. False where there are no locks. */
export async function holdLockForLife(name: string): Promise<boolean> {
  const locks = lockManager();
  if (locks === undefined) return false;
  return new Promise((resolve) => {
    locks
      .request(name, () => {
        resolve(true);
        return new Promise<never>(() => undefined);
      })
      .catch(() => {
        resolve(false);
      });
  });
}

/** Resolves when the lock's holder has ended, or after `patienceMs`. Never rejects. */
export async function lockReleased(name: string, patienceMs: number): Promise<void> {
  const signal = AbortSignal.timeout(patienceMs);
  // It does not end: those who wait go on without what it holds.
  await lockManager()
    ?.request(name, { signal }, () => undefined)
    .catch(() => undefined);
}

/** Page side: calls `onGone` once the lock's holder has ended, unless `signal` fires first. */
export function watchLock(name: string, signal: AbortSignal, onGone: () => void): void {
  navigator.locks
    .request(name, { signal }, () => {
      onGone();
    })
    .catch(() => {
      // Aborted: the watcher no longer cares.
    });
}
