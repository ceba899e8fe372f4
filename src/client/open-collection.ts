import type { StoreContract } from '../protocol/store-contract';
import type { Collection, OpenOptions } from './api';
import type { Encoders, TextSignal } from './encoders';
import { LocalCollection } from './local-collection';
import { expectThat } from './option-checks';
import type { WorkerLink } from './worker-link';

/** What a collection is opened with. */
export interface CollectionParts {
  readonly name: string;
  readonly encoders: Encoders;
  readonly store: WorkerLink<StoreContract>;
}

/**
 * Opens a collection, or creates it. Rejects with `model-mismatch` when it was made with another model,
 * with `storage-version` when a newer release wrote it, and with `key-required` or `wrong-key` when it is
 * encrypted.
 */
export async function openCollection(
  { name, encoders, store }: CollectionParts,
  { keepOriginals = false, keepSignals, encryption, signal }: OpenOptions = {},
): Promise<Collection> {
  const kept = checkSignals(
    keepSignals ?? encoders.signals.filter((each) => each === 'sparse'),
    encoders,
  );
  const { model, dimension } = encoders;
  const { key } = await store.call(
    'open',
    { name, model, dimension, encryption: encryption ?? null },
    { signal },
  );
  // The worker forgets it when it dies. This one cannot be read, unlike a passphrase.
  if (key !== undefined) store.repeatAtStart(name, 'unlock', { collection: name, key });
  return new LocalCollection({
    collection: name,
    encoders,
    store,
    keepOriginals,
    keepSignals: kept,
  });
}

function checkSignals(
  keepSignals: readonly TextSignal[],
  { signals }: Pick<Encoders, 'signals'>,
): readonly TextSignal[] {
  expectThat(Array.isArray(keepSignals), 'keepSignals', 'an array', keepSignals);
  for (const each of keepSignals) {
    const expected = `outputs of the model's texts (${signals.join(', ') || 'it has none'})`;
    expectThat(signals.includes(each), 'keepSignals', expected, each);
  }
  return keepSignals;
}
