import { encodeItems, type Encoded, type EncodePass, type NewItem } from './encode-items';
import type { Setbacks } from './setbacks';

/** How batches are encoded, and what becomes of them. */
export interface BatchRun<Item extends NewItem> extends EncodePass {
  readonly setbacks: Setbacks;
  /** Stores a batch; results come in the order of its items. */
  readonly store: (batch: readonly Item[], results: readonly Encoded[]) => Promise<void>;
}

/**
 * Two batches are on their way at a time, so that the encoder finds the next one waiting. Each is
 * stored as soon as it is encoded, in the order of the batches. Rejects when the call is to end.
 */
export async function encodeAndStore<Item extends NewItem>(
  batches: AsyncIterable<readonly Item[]> | Iterable<readonly Item[]>,
  run: BatchRun<Item>,
): Promise<void> {
  let stored: Promise<void> = Promise.resolve();
  for await (const batch of batches) {
    const previous = stored;
    const encoded = encode(batch, run);
    stored = Promise.all([encoded, previous]).then(([results]) => run.store(batch, results));
    // Looked at in the next round, or after the loop; if that is not reached, by nobody.
    stored.catch(() => undefined);
    await previous;
  }
  await stored;
}

async function encode<Item extends NewItem>(
  batch: readonly Item[],
  run: BatchRun<Item>,
): Promise<Encoded[]> {
  const error = run.setbacks.obstacle;
  if (error !== null) return batch.map(() => ({ ok: false, error }));
  const results = await encodeItems(batch, run);
  for (const result of results) run.setbacks.encoded(result);
  return results;
}
