/** Room for what is missing of a model: before its first byte, and when the disk turns out to be full. */
import { isPhotoglotError } from '../errors';
import type { Delivery, WantedFile } from './bring-files';
import { makeRoom } from './make-room';
import { arrivingKey } from './model-key';
import { isModelInUse, withUnusedModel } from './model-in-use';
import { estimateOrigin, type StorageEstimator } from './origin-storage';

/** Rejects with `quota-exceeded` where there is none. A size that nobody has told counts as nothing. */
export async function roomForFiles(
  delivery: Delivery,
  wanted: readonly WantedFile[],
): Promise<void> {
  const needed = wanted.reduce((sum, { file, state }) => {
    const size = state?.size ?? file.size ?? 0;
    return sum + Math.max(0, size - (state?.bytes ?? 0));
  }, 0);
  await evictFor(delivery, needed, estimateOrigin);
}

/**
 * Runs `work`, and again after making room when it failed for want of it: estimates are rough, and
 * others write as well. Rejects with `quota-exceeded` when there is nothing more to evict.
 */
export async function withRoom<Result>(
  delivery: Delivery,
  needed: () => Promise<number>,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (!isPhotoglotError(thrown) || thrown.code !== 'quota-exceeded') throw thrown;
      // What the browser estimates was wrong: nothing is free. Each round evicts, or rejects.
      await evictFor(delivery, await needed(), () => Promise.resolve({ usage: 0, quota: 0 }));
    }
  }
}

async function evictFor(
  { key, storage, signal }: Delivery,
  needed: number,
  estimate: StorageEstimator,
): Promise<void> {
  if (!storage.persistent) return;
  await makeRoom({
    storage,
    needed,
    keep: [key, arrivingKey(key)],
    estimate,
    isInUse: isModelInUse,
    withUnused: withUnusedModel,
    signal,
  });
}
