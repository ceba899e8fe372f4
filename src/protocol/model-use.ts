/**
 * Who uses a model, known to all tabs: a page holds a shared Web Lock for as long as it has a
 * model loaded, and whoever deletes one needs the same lock for itself alone. A tab that dies
 * gives its lock up.
 */

import { lockManager } from './lock-manager';

/** Name of the lock. @param key of the model among those that are kept */
export function modelLockName(key: string): string {
  return `photoglot-model:${key}`;
}

/**
 * Marks the model as used. Resolves once that holds, which a deletion under way delays for as long
 * as it takes, to what ends it, and may be called any number of times. What asks for the model's
 * files afterwards cannot lose them. Without effect where there are no locks (insecure contexts).
 */
export function holdModel(key: string): Promise<() => void> {
  return new Promise((resolve) => {
    const locks = lockManager();
    const nothing = (): void => undefined;
    if (locks === undefined) {
      resolve(nothing);
      return;
    }
    locks
      .request(
        modelLockName(key),
        { mode: 'shared' },
        () =>
          new Promise<void>((release) => {
            resolve(release);
          }),
      )
      .catch(() => {
        // Refused, as to a page that is being closed: nothing is held.
        resolve(nothing);
      });
  });
}
