/** Work on many items that does not keep a thread to itself. */
import { nextTask } from '../core/next-task';

/** Milliseconds of work after which messages get their turn. */
const TURN_MS = 20;

/**
 * `job` of each item, in order. Every so often messages that have arrived are handled, so that a
 * query gets in between and an abort is heard. Rejects with the signal's reason.
 */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  job: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (const item of items) {
    results.push(job(item));
    if (performance.now() - began < TURN_MS) continue;
    await nextTask();
    signal.throwIfAborted();
    began = performance.now();
  }
  return results;
}
