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
/** And of all columns together, which are in memory until they are written. */
const MAX_ALL_CHARACTERS = 32 * 2 ** 20;

export class ColumnBuilder {
  /** Null for one that is too large. */
  readonly #columns = new Map<string, GrowingColumn | null>();
  #isComplete = true;
  #characters = 0;

  /** @param row higher than all before */
  add(row: number, meta: Meta): void {
    for (const [field, value] of Object.entries(meta)) {
      let column = this.#columns.get(field);
      if (column === undefined) {
        if (this.#columns.size === MAX_COLUMNS) {
          this.#isComplete = false;
          continue;
        }
        column = new GrowingColumn();
        this.#columns.set(field, column);
      }
      if (column === null) continue;
      const before = column.characters;
      column.add(row, value);
      this.#characters += column.characters - before;
      if (column.characters <= MAX_CHARACTERS && this.#characters <= MAX_ALL_CHARACTERS) continue;
      this.#characters -= column.characters;
      this.#columns.set(field, null);
    }
  }

  /** Writes the sections of columns, which come last. @param rows of the file */
  async write(
    rows: number,
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
      const { shape, parts } = await column.encode(rows, turns, signal);
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
