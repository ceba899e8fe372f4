/**
 * Marks of loads that have begun and not ended, in localStorage, as they have to outlive the page.
 * Each has a key of its own: two tabs that changed one list would lose each other's changes. A tab
 * that lives holds a Web Lock for each of its marks; one without its lock was left by a dead tab.
 */

const PREFIX = 'photoglot-loading:';

/** Ids of the attempts to load the model that ended with their tab. */
export async function deadAttempts(modelUrl: string): Promise<readonly string[]> {
  const before = marksOf(modelUrl);
  if (before.length === 0) return [];
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map(({ name }) => name));
  // One that ended properly meanwhile has released its lock, but its mark is gone as well.
  const after = new Set(marksOf(modelUrl));
  return before.filter((id) => after.has(id) && !alive.has(lockOf(id)));
}

/** A load that has begun. */
export interface Attempt {
  /** Removes the mark: whatever came of it, the page survived. */
  end(): void;
}

/** Leaves a mark until the attempt ends or the page is left; a page that dies leaves it behind. */
export async function beginAttempt(modelUrl: string): Promise<Attempt> {
  const id = crypto.randomUUID();
  // The lock first: a mark without one is a dead tab's.
  const release = await holdLock(lockOf(id));
  try {
    localStorage.setItem(PREFIX + id, modelUrl);
  } catch (thrown) {
    release();
    throw thrown;
  }
  const left = new AbortController();
  const end = (): void => {
    left.abort();
    try {
      removeMarks([id]);
    } catch {
      // Storage that was taken away meanwhile has no marks either.
    }
    release();
  };
  const leave = ({ persisted }: PageTransitionEvent): void => {
    // Leaving a page in an orderly way is no crash; one that is only put aside may go on.
    if (!persisted) end();
  };
  addEventListener('pagehide', leave, { signal: left.signal });
  return { end };
}

/** Forgets attempts; those that are gone already do not matter. */
export function removeMarks(ids: readonly string[]): void {
  for (const id of ids) localStorage.removeItem(PREFIX + id);
}

function marksOf(modelUrl: string): string[] {
  const keys = Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index));
  return keys.flatMap((key) => {
    if (key?.startsWith(PREFIX) !== true || localStorage.getItem(key) !== modelUrl) return [];
    return [key.slice(PREFIX.length)];
  });
}

function lockOf(id: string): string {
  return PREFIX + id;
}

/** Resolves to its release once the lock is held. */
function holdLock(name: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => {
        return new Promise<void>((release) => {
          resolve(release);
        });
      })
      .catch(reject);
  });
}
