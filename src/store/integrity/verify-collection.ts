/**
 * Checks all of a collection, and mends what can be: what is sound stays, what is damaged is given up row by
 * row. Writes wait meanwhile, searches do not. A repair is one transaction, like every write.
 */
import { PhotoglotError } from '../../errors';
import type { FindingKind, IntegrityProgress, IntegrityReport } from '../../protocol/integrity';
import { commitIfSame } from '../commit-if-same';
import type { Database } from '../database';
import { underLock, writeLock } from '../locks';
import type { PackFiles } from '../pack-files';
import { isSameRecord, type CollectionRecord, type StoredFile } from '../schema';
import type { OpenVaults } from '../sealed/open-vaults';
import type { FileSource } from './checked-file';
import { checkCollection, type Checkup } from './checkup';
import { diagnose, type Diagnosis } from './findings';
import { findLeftovers, type LeftoverRecords } from './leftover-records';
import { repairWrites } from './repair-writes';
import { discard, rewriteDamaged } from './rewrite-damaged';

export interface VerifyTask {
  readonly name: string;
  readonly database: Database;
  readonly packs: PackFiles;
  readonly vaults: OpenVaults;
  readonly repair: boolean;
  readonly signal: AbortSignal;
  readonly progress: (progress: IntegrityProgress) => void;
}

/** What is found, and the files that a repair leaves behind. */
interface Outcome {
  readonly report: IntegrityReport;
  readonly obsolete: readonly StoredFile[];
}

/** After these, what is beside no item may be of items that are lost. */
const LOSSES: readonly FindingKind[] = ['vectors-damaged', 'items-damaged', 'file-damaged'];

/** Rejects with `not-found`, `storage-version`, `key-required`, `wrong-key`, or with the signal's reason. */
export async function verifyCollection(task: VerifyTask): Promise<IntegrityReport> {
  const { name, database, packs } = task;
  return underLock(writeLock(name), async () => {
    for (;;) {
      const record = await database.query((opened) => opened.get('collections', name));
      if (record === undefined) {
        throw new PhotoglotError('not-found', `There is no collection "${name}".`);
      }
      const outcome = await verifyRecord(task, record);
      // Rows were moved meanwhile, which needs no lock.
      if (outcome === null) continue;
      await packs.remove(outcome.obsolete);
      return outcome.report;
    }
  });
}

/** Null when it was changed meanwhile. */
async function verifyRecord(task: VerifyTask, record: CollectionRecord): Promise<Outcome | null> {
  const { name, database, packs, signal, progress } = task;
  const form = await task.vaults.formOf(record);
  const source = { database, form, folder: await packs.folderOf(form) };
  const checkup = await checkCollection(source, record, signal, progress);
  try {
    const leftovers = await findLeftovers(database, record);
    const diagnosis = await diagnose(checkup, leftovers.count, form);
    const { findings, sound } = diagnosis;
    if (task.repair && findings.length > 0) {
      const obsolete = await mend(task, source, checkup, leftovers, diagnosis);
      return obsolete === null ? null : { report: { findings, sound, repaired: true }, obsolete };
    }
    const current = await database.query((opened) => opened.get('collections', name));
    const isCurrent = current !== undefined && isSameRecord(current, record);
    return isCurrent ? { report: { findings, sound, repaired: false }, obsolete: [] } : null;
  } finally {
    for (const { file } of checkup.files) file?.close();
  }
}

/** The files that nobody needs any more; null when the collection was changed meanwhile. */
async function mend(
  { database, packs, signal }: VerifyTask,
  source: FileSource,
  checkup: Checkup,
  leftovers: LeftoverRecords,
  { findings, sound }: Diagnosis,
): Promise<readonly StoredFile[] | null> {
  const { folder, form } = source;
  const { repairs, made } = await rewriteDamaged({ packs, folder }, checkup.files, signal);
  let isCommitted = false;
  try {
    const keepsLeft = findings.some(({ kind }) => LOSSES.includes(kind));
    const [after, writes] = repairWrites(checkup, repairs, leftovers, { sound, keepsLeft });
    const sealed = await form.seal(writes);
    signal.throwIfAborted();
    isCommitted = await commitIfSame(database, checkup.record, after, sealed);
  } finally {
    if (!isCommitted) await discard(packs, made);
  }
  for (const { release } of made) release();
  if (!isCommitted) return null;
  return repairs.flatMap(({ checked: { placed }, becomes }) =>
    becomes?.name === placed.name ? [] : placed,
  );
}
