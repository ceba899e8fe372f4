/** Collects meta row by row, to be written field by field. */
import { Turns } from '../../core/turns';
import type { Meta } from '../../protocol/store-contract';
import type { Crc32c } from '../segment/crc32c';
import { encodeDirectory, type ColumnPlace } from './column-directory';
import { GrowingColumn } from './growing-column';
import type { SectionName } from './packed-file';

/** Who has more fields than this uses them as data; rows have to be asked about the rest. */
const MAX_COLUMNS = 256;
/** UTF-16 units of the JSON of a column's values: those of more are texts that nobody filters by. */
const MAX_CHARACTERS = 8 * 2 ** 20;
/** All columns together are in memory until they are written, of at most 200 MB for a collection. */
const MOST_BYTES = 128 * 2 ** 20;

export class ColumnBuilder {
  readonly #rows: number;
  /** Null for one that is too large. */
  readonly #columns = new Map<string, GrowingColumn | null>();
  #isComplete = true;
  #bytes = 0;

  /** @param rows of the file */
  constructor(rows: number) {
    this.#rows = rows;
  }

  /** @param row one of the file's, each once at most */
  add(row: number, meta: Meta): void {
    for (const [field, value] of Object.entries(meta)) {
      let column = this.#columns.get(field);
      if (column === undefined) {
        if (this.#columns.size === MAX_COLUMNS) {
          this.#isComplete = false;
          continue;
        }
        column = new GrowingColumn(this.#rows);
        this.#columns.set(field, column);
        this.#bytes += column.bytes;
      }
      if (column === null) continue;
      const before = column.bytes;
      column.add(row, value);
      this.#bytes += column.bytes - before;
      if (column.characters <= MAX_CHARACTERS && this.#bytes <= MOST_BYTES) continue;
      this.#bytes -= column.bytes;
      this.#columns.set(field, null);
    }
  }

  /** Writes the sections of columns, which come last. */
  async write(
    crc: Crc32c,
    signal: AbortSignal,
    write: (name: SectionName, bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>,
  ): Promise<void> {
    const turns = new Turns();
    const places = new Map<string, ColumnPlace | null>();
    let at = 0;
    for (const [field, column] of this.#columns) {
      places.set(field, null);
      if (column === null) continue;
      const { shape, parts } = await column.encode(turns, signal);
      crc.reset();
      let bytes = 0;
      for (const part of parts) {
        crc.update(part);
        bytes += part.length;
      }
      places.set(field, { ...shape, at, bytes, checksum: crc.value() });
      at += bytes;
      for (const part of parts) await write('columns', part);
    }
    await write('directory', encodeDirectory({ columns: places, isComplete: this.#isComplete }));
  }
}
