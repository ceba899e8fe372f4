/** A collection becomes one of another model. */
import { untilAborted } from '../core/until-aborted';
import { reembed } from '../exchange/reembed';
import { ask } from '../protocol/question-channel';
import type {
  EncodeAnswer,
  EncodeQuestion,
  ReembedReport,
  RowProgress,
} from '../protocol/store-contract';
import type { CollectionSnapshot } from './collection-snapshot';
import { StagedCollection } from './staged-collection';
import type { StoreParts } from './stored-collection';

export interface ReembedSnapshotTask {
  readonly parts: StoreParts;
  readonly snapshot: CollectionSnapshot;
  readonly model: string;
  readonly dimension: number;
  readonly batch: number;
  /** Where questions are answered. */
  readonly port: MessagePort;
  readonly signal: AbortSignal;
  readonly progress: (progress: RowProgress) => void;
}

/** Releases the snapshot and closes the port. */
export async function reembedSnapshot(task: ReembedSnapshotTask): Promise<ReembedReport> {
  const { parts, snapshot, model, dimension, batch, port, signal, progress } = task;
  try {
    const { name, encryption, form, state: replaces } = snapshot;
    const identity = { name, model, dimension };
    const lock = encryption === null ? null : { record: encryption, form };
    return await reembed({
      source: snapshot,
      sink: await StagedCollection.begin({ parts, identity, replaces, lock }),
      batch,
      encode: (question) => untilAborted(ask<EncodeQuestion, EncodeAnswer>(port, question), signal),
      progress,
      signal,
    });
  } finally {
    snapshot.release();
    port.close();
  }
}
