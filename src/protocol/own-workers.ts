/**
 * Workers of a worker, which are ended before it is. They should end with it by themselves; if
 * both end at the same time, Chromium 156 now and then keeps both threads, with all their memory, for ever.
 */

/** The thread of a worker that was terminated needs so long to be gone: 0 were not enough, 30 always were (idle ones). */
const THREAD_MS = 100;

const ends = new Set<() => Promise<void>>();

/** Has `end` called when this worker is about to be ended: it must not reject. Returns what calls that off. */
export function beforeEnd(end: () => Promise<void>): () => void {
  ends.add(end);
  return () => {
    ends.delete(end);
  };
}

/** Ends what was spawned here. Never rejects. */
export async function endOwnWorkers(): Promise<void> {
  const ending = [...ends].map((end) => end());
  ends.clear();
  await Promise.all(ending);
}

/** Resolves when the thread of a worker that was just terminated is gone, of which nothing tells. */
export function threadGone(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, THREAD_MS));
}
