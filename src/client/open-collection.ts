import type { StoreContract } from '../protocol/store-contract';
import type { Collection, OpenOptions } from './api';
import type { Encoders } from './encoders';
import { LocalCollection } from './local-collection';
import type { WorkerLink } from './worker-link';

/** What a collection is opened with. */
export interface CollectionParts {
  readonly name: string;
  readonly encoders: Encoders;
  readonly store: WorkerLink<StoreContract>;
}

/**
 * Opens a collection, or creates it. Rejects with `model-mismatch` when it was made with another
 * model, and with `storage-version` when a newer release wrote it.
 */
export async function openCollection(
  { name, encoders, store }: CollectionParts,
  { keepOriginals = false, signal }: OpenOptions = {},
): Promise<Collection> {
  const { model, dimension } = encoders;
  await store.call('open', { name, model, dimension }, { signal });
  return new LocalCollection({ collection: name, encoders, store, keepOriginals });
}
