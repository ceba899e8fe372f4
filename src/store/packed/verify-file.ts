/** Whether all of a packed file is as it was written. */
import { Turns } from '../../core/turns';
import { isPhotoglotError } from '../../errors';
import { Crc32c } from '../segment/crc32c';
import { SECTIONS } from '../segment/segment-format';
import type { PackedFile, SectionName } from './packed-file';

/** What is damaged of a file; all empty where it is sound. */
export interface FileDamage {
  /** Of the file. */
  readonly name: string;
  readonly sections: readonly SectionName[];
  /** Rows of the file whose item cannot be had, ascending. */
  readonly items: readonly number[];
  /** Rows of the file whose vector is not what was written, ascending. */
  readonly vectors: readonly number[];
}

/** Rows checked at a time. */
const BLOCK_ROWS = 256;

/**
 * Reads everything. Damage is what it returns; it rejects with the signal's reason only.
 * @param onProgress is told how many bytes of the file have been read
 */
export async function verifyFile(
  file: PackedFile,
  signal: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<FileDamage> {
  const crc = await Crc32c.create();
  const sections: SectionName[] = [];
  for (const name of Object.keys(SECTIONS) as SectionName[]) {
    const section = file.section(name);
    const isSound = await survives(() =>
      file.reader.stream(
        section,
        crc,
        (block, at) => onProgress?.(section.offset + at + block.length, file.bytes),
        signal,
      ),
    );
    if (!isSound) sections.push(name);
  }
  // Which rows are meant is of interest only if something is wrong with all of them together.
  const of = (names: readonly SectionName[], read: (rows: Uint32Array) => Promise<unknown>) =>
    names.some((name) => sections.includes(name)) ? damagedRows(file, signal, read) : [];
  return {
    name: file.name,
    sections,
    items: await of(['items', 'entries'], (rows) => file.items(rows)),
    vectors: await of(['float16', 'entries'], (rows) => file.vectors(rows)),
  };
}

async function damagedRows(
  { rows }: PackedFile,
  signal: AbortSignal,
  read: (rows: Uint32Array) => Promise<unknown>,
): Promise<number[]> {
  const found: number[] = [];
  const turns = new Turns();
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const length = Math.min(BLOCK_ROWS, rows - first);
    const block = Uint32Array.from({ length }, (_, index) => first + index);
    await turns.next(signal);
    if (await survives(() => read(block))) continue;
    for (const row of block) {
      if (!(await survives(() => read(Uint32Array.of(row))))) found.push(row);
    }
  }
  return found;
}

/** False where it rejects for damage. */
async function survives(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (thrown) {
    if (isPhotoglotError(thrown) && thrown.code === 'storage') return false;
    throw thrown;
  }
}
