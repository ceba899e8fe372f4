/** From a portable file that comes through a port to a collection: all of it, or nothing. */
import { abortable } from '../exchange/abortable';
import { importPortable } from '../exchange/import-portable';
import { receiveBytes } from '../protocol/byte-channel';
import type { CollectionSummary, RowProgress } from '../protocol/store-contract';
import type { CollectionLock } from './sealed/new-lock';
import { StagedCollection } from './staged-collection';
import type { StoreParts } from './stored-collection';

export interface ReceiveTask {
  readonly parts: StoreParts;
  /** Of the collection that it becomes. */
  readonly name: string;
  readonly port: MessagePort;
  /** Whether it may take the place of another one. */
  readonly replace: boolean;
  /** What it is to be encrypted with; null for a plain one. */
  readonly lock: CollectionLock | null;
  readonly signal: AbortSignal;
  readonly progress: (progress: RowProgress) => void;
}

/** Closes the port. */
export async function receiveCollection(task: ReceiveTask): Promise<CollectionSummary> {
  const { parts, name, port, replace, lock, signal, progress } = task;
  try {
    return await importPortable({
      bytes: abortable(receiveBytes(port), signal),
      begin: ({ model, dimension }) =>
        StagedCollection.begin({
          parts,
          identity: { name, model, dimension },
          replaces: replace ? 'any' : 'none',
          lock,
        }),
      progress,
      signal,
    });
  } finally {
    port.close();
  }
}
