/** A packed file, row by row. */
import { Bitset } from '../../core/bitset';
import { isPhotoglotError } from '../../errors';
import type { Database } from '../database';
import type { PlacedFile } from '../deaths';
import { PackedFile, readCodebook } from '../packed/packed-file';
import type { Codebook } from '../packed/codebook';
import { verifyFile, type FileDamage } from '../packed/verify-file';
import { partsOf, type CollectionRecord } from '../schema';
import type { StoredForm } from '../sealed/stored-form';
import { Crc32c } from '../segment/crc32c';
import type { SegmentFolder } from '../segment/segment-file';
import { isDamage, storedValue, survivor } from './damage';

export interface CheckedFile {
  readonly placed: PlacedFile;
  /** Null where it cannot be opened; to be closed. */
  readonly file: PackedFile | null;
  /** Rows of the file that are not deleted, as far as that is known. */
  readonly live: Bitset;
  /** Rows of the file that cannot be kept. May grow. */
  readonly lost: Bitset;
  /** Null where the file cannot be opened, or its codebook is damaged. */
  readonly codebook: Codebook | null;
  readonly damage: FileDamage | null;
  readonly isDeletionsKnown: boolean;
}

export interface FileSource {
  readonly database: Database;
  readonly form: StoredForm;
  /** As `form` has it. */
  readonly folder: SegmentFolder;
}

/**
 * Reads all of a file. Rejects with `storage-version` for one of a newer release, or with the signal's
 * reason.
 * @param onProgress is told how many of its rows have been checked, more or less
 */
export async function checkFile(
  source: FileSource,
  record: CollectionRecord,
  placed: PlacedFile,
  signal: AbortSignal,
  onProgress: (rows: number) => void,
): Promise<CheckedFile> {
  const crc = await Crc32c.create();
  const file = await opened(source.folder, placed, record.dimension, crc);
  const deaths = await readDeaths(source, record, placed);
  const dead = deaths ?? new Bitset(placed.rows);
  const live = Bitset.full(placed.rows).difference(dead);
  const known = { placed, file, live, isDeletionsKnown: deaths !== null };
  if (file === null) {
    return { ...known, lost: Bitset.full(placed.rows), codebook: null, damage: null };
  }
  try {
    const damage = await verifyFile(file, signal, (done, total) => {
      onProgress((done / total) * placed.rows);
    });
    const lost = new Bitset(placed.rows);
    for (const row of [...damage.items, ...damage.vectors]) lost.add(row);
    const codebook = await survivor(() => readCodebook(file, crc, signal));
    return { ...known, lost, codebook, damage };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

/** Null where it cannot be, or is none of the collection. */
async function opened(
  folder: SegmentFolder,
  { name, rows }: PlacedFile,
  dimension: number,
  crc: Crc32c,
): Promise<PackedFile | null> {
  try {
    const file = await PackedFile.open(folder, name, crc);
    if (file.rows === rows && file.dimension === dimension) return file;
    file.close();
    return null;
  } catch (thrown) {
    const isMissing = isPhotoglotError(thrown) && thrown.code === 'not-found';
    if (isMissing || isDamage(thrown)) return null;
    throw thrown;
  }
}

/** The rows of the file that are dead; null where that is not known. */
async function readDeaths(
  { database, form }: FileSource,
  record: CollectionRecord,
  { name, rows }: PlacedFile,
): Promise<Bitset | null> {
  const key: [string, string] = [partsOf(record), name];
  const value = await storedValue(database, (opened) => opened.get('deaths', key));
  if (value === undefined) return new Bitset(rows);
  if (value === null) return null;
  return survivor(async () => deathsOf(await form.deaths(key, value), rows));
}

/** Null for bits of another number of rows. */
function deathsOf(bytes: Uint8Array, rows: number): Bitset | null {
  const isOne = bytes instanceof Uint8Array && bytes.length === Math.ceil(rows / 8);
  if (!isOne) return null;
  const dead = new Bitset(rows);
  for (let row = 0; row < rows; row++) {
    if (((bytes[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) dead.add(row);
  }
  return dead;
}
