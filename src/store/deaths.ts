/** Which rows of packed files are dead, as it is kept on the disk: a bit per row, by file. */
import { Bitset } from '../core/bitset';
import { PhotoglotError } from '../errors';
import { filesOf, type CollectionRecord, type StoredFile } from './schema';

/** A file, and the number that its first row has in the collection. */
export interface PlacedFile extends StoredFile {
  readonly first: number;
}

/** The files of a collection with the numbers of their rows. */
export function placedFiles(record: CollectionRecord): PlacedFile[] {
  let end = 0;
  return filesOf(record).map(({ name, rows }) => {
    const first = end;
    end += rows;
    return { name, rows, first };
  });
}

/** The bits of a file of so many rows; null if none is dead. @param isDead of rows of the file */
export function packDeaths(
  rows: number,
  isDead: (row: number) => boolean,
): Uint8Array<ArrayBuffer> | null {
  const dead = new Bitset(rows);
  for (let row = 0; row < rows; row++) if (isDead(row)) dead.add(row);
  return dead.count() === 0 ? null : dead.bytes;
}

/**
 * The dead rows of all files together.
 * @param bits per file; undefined where none is dead
 * @throws `storage` for bits of another number of rows
 */
export function unpackDeaths(
  record: CollectionRecord,
  bits: readonly (Uint8Array | undefined)[],
): Bitset {
  const files = placedFiles(record);
  const dead = new Bitset(files.reduce((sum, { rows }) => sum + rows, 0));
  files.forEach(({ name, rows, first }, index) => {
    const bytes = bits[index];
    if (bytes === undefined) return;
    if (bytes.length !== Math.ceil(rows / 8)) {
      throw new PhotoglotError(
        'storage',
        `The collection "${record.name}" is damaged: what is known of deleted rows of the file ` +
          `${name} is of another number of rows.`,
      );
    }
    for (let row = 0; row < rows; row++) {
      if (((bytes[row >> 3] ?? 0) & (1 << (row & 7))) !== 0) dead.add(first + row);
    }
  });
  return dead;
}
