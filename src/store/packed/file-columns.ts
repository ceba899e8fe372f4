/** Answers the conditions of a filter for one file: by columns, or where there are none by its items. */
import { Bitset } from '../../core/bitset';
import type { Turns } from '../../core/turns';
import { Crc32c } from '../segment/crc32c';
import { damaged } from '../segment/segment-format';
import type { FieldQuestion } from '../where/evaluate';
import { compileTests } from '../where/field-tests';
import { fieldReader, pathOf } from '../where/read-field';
import { decodeColumn, type Column } from './column';
import type { ColumnCache } from './column-cache';
import { decodeDirectory, type ColumnDirectory } from './column-directory';
import type { PackedFile } from './packed-file';
import { selectByColumn } from './select-by-column';

/** Items read at a time. */
const BLOCK_ROWS = 256;

export class FileColumns {
  readonly #file: PackedFile;
  readonly #directory: ColumnDirectory;
  readonly #cache: ColumnCache;

  private constructor(file: PackedFile, directory: ColumnDirectory, cache: ColumnCache) {
    this.#file = file;
    this.#directory = directory;
    this.#cache = cache;
  }

  /** Reads which columns there are. Rejects with `storage`. */
  static async open(
    file: PackedFile,
    cache: ColumnCache,
    crc: Crc32c,
    signal: AbortSignal,
  ): Promise<FileColumns> {
    const directory = decodeDirectory(await file.all('directory', crc, signal));
    return new FileColumns(file, directory, cache);
  }

  /**
   * The rows of the file that meet the condition. Rejects with `storage`, or with the signal's reason.
   * @param turns taken where items are read
   */
  async select(question: FieldQuestion, turns: Turns, signal: AbortSignal): Promise<Bitset> {
    const { condition, among } = question;
    if (!among.bytes.some((byte) => byte !== 0)) return among;
    const fields = [condition.field, pathOf(condition.field)?.first ?? condition.field];
    if (!fields.every((field) => this.#isKnown(field))) {
      return this.#selectItems(question, turns, signal);
    }
    const columns = new Map<string, Column>();
    for (const field of fields) {
      const column = await this.#column(field);
      if (column !== null) columns.set(field, column);
    }
    return selectByColumn(question, (field) => columns.get(field) ?? null);
  }

  /** Whether the rows that have the field, if any, are known without reading their items. */
  #isKnown(field: string): boolean {
    const place = this.#directory.columns.get(field);
    return place === undefined ? this.#directory.isComplete : place !== null;
  }

  /** Null for a field that no row has. */
  async #column(field: string): Promise<Column | null> {
    const place = this.#directory.columns.get(field);
    if (!place) return null;
    const key = `${this.#file.name} ${field}`;
    const kept = this.#cache.get(key);
    if (kept !== null) return kept;
    const section = this.#file.section('columns');
    const into = new Uint8Array(Math.min(place.bytes, section.bytes));
    await this.#file.reader.spans(section, [{ at: place.at, into }]);
    if (this.#file.checksum(into) !== place.checksum) {
      throw damaged(`the column "${field}" is not what was written`);
    }
    const column = decodeColumn(into, place, this.#file.rows);
    this.#cache.set(key, column);
    return column;
  }

  async #selectItems(
    { condition: { field, tests }, among }: FieldQuestion,
    turns: Turns,
    signal: AbortSignal,
  ): Promise<Bitset> {
    const read = fieldReader(field);
    const test = compileTests(tests);
    const selected = new Bitset(among.length);
    for (let first = 0; first < among.length; first += BLOCK_ROWS) {
      const rows: number[] = [];
      among.forEach((row) => rows.push(row), first, first + BLOCK_ROWS);
      const items = await this.#file.items(Uint32Array.from(rows));
      items.forEach((item, place) => {
        if (item !== null && test(read(item.meta))) selected.add(rows[place] ?? 0);
      });
      await turns.next(signal);
    }
    return selected;
  }
}
