/** Deleting a model on somebody's wish: with all that is known of it, unless a page has it loaded. */
import { PhotoglotError } from '../errors';
import { withUnusedModel } from './model-in-use';
import { arrivingKey, firstUseKey, modelFolder } from './model-key';
import type { ModelStorage } from './model-storage';

/**
 * Deletes what is kept of the model, what has arrived of a new version, and the digests that its
 * first download established. False when there was nothing; rejects with `in-use` or `storage`.
 */
export async function deleteModel(storage: ModelStorage, key: string): Promise<boolean> {
  const arriving = arrivingKey(key);
  const result = await withUnusedModel(key, () =>
    withUnusedModel(arriving, async () => {
      // Also where the files were evicted, and nothing but their digests is left.
      await storage.forgetDigests(firstUseKey(modelFolder(key)));
      const wasArriving = await storage.deleteModel(arriving);
      return (await storage.deleteModel(key)) || wasArriving;
    }),
  );
  if (result !== null) return result;
  throw new PhotoglotError(
    'in-use',
    `The model "${key}" is in use: a page, this one or another tab, has it loaded or downloads ` +
      'it. Dispose of its lens, or close that tab, and try again.',
  );
}
