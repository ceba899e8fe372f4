/** `Lens.importCollection`: the file goes to the store's worker piece by piece. */
import { PhotoglotError } from '../errors';
import { sendBytes } from '../protocol/byte-channel';
import type { CollectionSummary, StoreContract } from '../protocol/store-contract';
import type { ImportCollectionOptions } from './api';
import { openBytes, type BytesInput } from './byte-source';
import type { WorkerLink } from './worker-link';

export async function importCollection(
  store: WorkerLink<StoreContract>,
  { name, file }: { readonly name: string; readonly file: BytesInput },
  { replace = false, encryption, signal, onProgress }: ImportCollectionOptions,
): Promise<CollectionSummary> {
  if (typeof name !== 'string' || name === '') {
    throw new PhotoglotError('invalid-input', 'A collection needs a name that is not empty.');
  }
  const input = openBytes(file, 'The file to import');
  const { port1, port2 } = new MessageChannel();
  // Its failure goes through the port, and comes back as that of the call.
  sendBytes(port1, input.pieces).catch(() => undefined);
  try {
    const args = { collection: name, port: port2, replace, encryption: encryption ?? null };
    return await store.call('importPortable', args, { signal, onProgress, transfer: [port2] });
  } finally {
    port1.close();
    input.cancel();
  }
}
