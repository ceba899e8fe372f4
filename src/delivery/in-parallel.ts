/** Several tasks at a time, which end together. */

/**
 * Runs `work` on all items, at most `limit` at a time, in order. When one fails, the others are
 * told by their signal; the first failure rejects when all have settled.
 */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const waiting = [...items];
  const failures: unknown[] = [];
  const run = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item, both);
      } catch (thrown) {
        failures.push(thrown);
        waiting.length = 0;
        ended.abort(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  if (failures.length > 0) throw failures[0];
}
