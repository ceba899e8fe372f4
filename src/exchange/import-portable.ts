/** From a portable file to a collection: all of it, or nothing. */
import { abortedError } from '../core/until-aborted';
import type { CollectionSummary, RowProgress } from '../protocol/store-contract';
import type { ByteSource } from './byte-reader';
import { openPortable, type PortableFile } from './read-portable';
import type { RowSink } from './row-source';

/** What an import needs. */
export interface PortableImport {
  readonly bytes: ByteSource;
  /** Called as soon as it is known what the file holds. */
  readonly begin: (head: CollectionSummary) => Promise<RowSink>;
  readonly progress: (progress: RowProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Commits once all of the file was found to be sound, and resolves to what was made of it. Throws what
 * reading the file and the sink throw, and `aborted`; all is discarded then.
 */
export async function importPortable(task: PortableImport): Promise<CollectionSummary> {
  const file = await openPortable(task.bytes);
  try {
    const sink = await task.begin(file.head);
    try {
      await fill(sink, file, task);
      if (task.signal.aborted) throw abortedError(task.signal);
      return await sink.commit();
    } catch (thrown) {
      await sink.discard();
      throw thrown;
    }
  } finally {
    await file.close();
  }
}

async function fill(
  sink: RowSink,
  { head: { count: total }, parts }: PortableFile,
  { progress, signal }: PortableImport,
): Promise<void> {
  let done = 0;
  for await (const part of parts) {
    if (signal.aborted) throw abortedError(signal);
    if (part.kind === 'picture') {
      await sink.putPicture(part.id, part.which, part.picture);
    } else {
      await sink.putRows(part.block);
      done += part.block.items.length;
      progress({ done, total });
    }
  }
}
