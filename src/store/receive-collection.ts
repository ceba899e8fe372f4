/** From a portable file that comes through a port to a collection: all of it, or nothing. */
import { abortable } from '../exchange/abortable';
import { importPortable } from '../exchange/import-portable';
import { receiveBytes } from '../protocol/byte-channel';
import type { CollectionSummary, RowProgress } from '../protocol/store-contract';
import type { Database } from './database';
import { StagedCollection } from './staged-collection';

export interface ReceiveTask {
  readonly database: Database;
  /** Of the collection that it becomes. */
  readonly name: string;
  readonly port: MessagePort;
  /** Whether it may take the place of another one. */
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly progress: (progress: RowProgress) => void;
}

/** Closes the port. */
export async function receiveCollection(task: ReceiveTask): Promise<CollectionSummary> {
  const { database, name, port, replace, signal, progress } = task;
  try {
    return await importPortable({
      bytes: abortable(receiveBytes(port), signal),
      begin: ({ model, dimension }) =>
        StagedCollection.begin({
          database,
          identity: { name, model, dimension },
          replaces: replace ? 'any' : 'none',
        }),
      progress,
      signal,
    });
  } finally {
    port.close();
  }
}
