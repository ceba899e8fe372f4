/** Reads all of a collection, and notes what is not as it should be. */
import type { IntegrityProgress } from '../../protocol/integrity';
import { placedFiles } from '../deaths';
import { firstRowOf, segmentsOf, type CollectionRecord } from '../schema';
import { checkFile, type CheckedFile, type FileSource } from './checked-file';
import { checkAttachments, countAttachments, type FaultyAttachment } from './check-attachments';
import { CheckedRows } from './checked-rows';
import { checkSegment, type CheckedSegment } from './checked-segment';

export interface Checkup {
  readonly record: CollectionRecord;
  /** Their files have to be closed. */
  readonly files: readonly CheckedFile[];
  /** Of the log. */
  readonly segments: readonly CheckedSegment[];
  /** Ids of rows that were given up, as a later row has the same. */
  readonly duplicates: readonly string[];
  readonly attachments: readonly FaultyAttachment[];
}

/** Rejects with `storage-version` for what a newer release wrote, or with the signal's reason. */
export async function checkCollection(
  source: FileSource,
  record: CollectionRecord,
  signal: AbortSignal,
  onProgress: (progress: IntegrityProgress) => void,
): Promise<Checkup> {
  const total = record.rows + (await countAttachments(source, record));
  let done = 0;
  const report = (more: number): void => {
    onProgress({ done: Math.round(done + more), total });
  };
  const files: CheckedFile[] = [];
  try {
    for (const placed of placedFiles(record)) {
      files.push(await checkFile(source, record, placed, signal, report));
      done += placed.rows;
    }
    const segments: CheckedSegment[] = [];
    const { first, end } = segmentsOf(record);
    for (let index = first; index < end; index++) {
      signal.throwIfAborted();
      const start = firstRowOf(record, index);
      const rows = Math.min(record.segmentRows, record.rows - start);
      segments.push(await checkSegment(source, record, index, rows));
      done += rows;
      report(0);
    }
    const rows = new CheckedRows(record, files, segments);
    const names = await rows.names((id) => source.form.nameOf(id), signal);
    const duplicates = await rows.giveUpDuplicates(names);
    const attachments = await checkAttachments(source, record, names, signal, (more) => {
      done += more;
      report(0);
    });
    return { record, files, segments, duplicates, attachments };
  } catch (thrown) {
    for (const { file } of files) file?.close();
    throw thrown;
  }
}
