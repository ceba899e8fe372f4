/** Room for what is missing of a model: before its first byte, and when the disk turns out to be full. */
import { isPhotoglotError } from '../errors';
import type { Delivery } from './bring-files';
import type { FileShelf } from './file-shelf';
import { makeRoom } from './make-room';
import { arrivingKey } from './model-key';
import { isModelInUse, withUnusedModel } from './model-in-use';
import { estimateOrigin, type StorageEstimator } from './origin-storage';

/** Rejects with `quota-exceeded` where there is none. A size that nobody has told counts as nothing. */
export async function roomForFiles(delivery: Delivery): Promise<void> {
  await evictFor(delivery, await bytesMissing(delivery), estimateOrigin);
}

/**
 * Runs `write`, and again after making room when it failed for want of it: estimates are rough, and
 * others write as well. Rejects with `quota-exceeded` when there is nothing more to evict.
 */
export async function withRoom<Result>(
  delivery: Delivery,
  write: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (thrown) {
      if (!isPhotoglotError(thrown) || thrown.code !== 'quota-exceeded') throw thrown;
      // What the browser estimates was wrong: nothing is free. Each round evicts, or rejects.
      const nothing = (): ReturnType<StorageEstimator> => Promise.resolve({ usage: 0, quota: 0 });
      await evictFor(delivery, Math.max(1, await bytesMissing(delivery)), nothing);
    }
  }
}

/** The storage, whose writes make room where they can: what was fetched is not lost for want of it. */
export function roomyShelf(delivery: Delivery): FileShelf {
  const { storage } = delivery;
  return {
    find: (key) => storage.find(key),
    read: (key) => storage.read(key),
    drop: (key) => storage.drop(key),
    begin: (file) => withRoom(delivery, () => storage.begin(file)),
    append: (key, chunk) => withRoom(delivery, () => storage.append(key, chunk)),
    finish: (key, sha256) => withRoom(delivery, () => storage.finish(key, sha256)),
  };
}

async function bytesMissing({ model, storage }: Delivery): Promise<number> {
  // Names may share a file.
  const files = new Map(model.files.map((file) => [file.key, file]));
  const missing = [...files.values()].map(async (file) => {
    const state = await storage.find(file.key);
    const size = state?.size ?? file.size ?? 0;
    return Math.max(0, size - (state?.bytes ?? 0));
  });
  return (await Promise.all(missing)).reduce((sum, bytes) => sum + bytes, 0);
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
