/** A packed file that is open: its rows can be read, one by one, also where its codes are damaged. */
import { codeBytes } from '../../core/codes/binary-code';
import { decodeFloat16 } from '../../core/codes/float16';
import type { PhotoglotError } from '../../errors';
import type { ItemRecord } from '../../protocol/store-contract';
import { Crc32c } from '../segment/crc32c';
import { damaged, fileBytes, SECTIONS, type Section } from '../segment/segment-format';
import type { SegmentFolder } from '../segment/segment-file';
import { SegmentReader, type Span } from '../segment/segment-reader';
import { Codebook } from './codebook';
import { MAX_ROWS } from './id-index';
import { parseItem } from './item-json';
import { decodeEntries, ENTRY_BYTES, type RowEntry } from './row-entries';

export type SectionName = keyof typeof SECTIONS;

/** A row's item as the file has it. */
export interface StoredItem {
  /** Empty where the row was dead when the file was written. */
  readonly json: Uint8Array<ArrayBuffer>;
  /** Null where it was dead. */
  readonly item: ItemRecord | null;
}

export class PackedFile {
  readonly name: string;
  readonly rows: number;
  readonly dimension: number;
  readonly reader: SegmentReader;
  /** For what is checked at once. */
  readonly #crc: Crc32c;

  private constructor(name: string, reader: SegmentReader, crc: Crc32c) {
    this.name = name;
    this.rows = reader.header.rows;
    this.dimension = reader.header.dimension;
    this.reader = reader;
    this.#crc = crc;
  }

  /**
   * Reads where the sections are, and nothing of them. Rejects with `not-found`, `storage` or
   * `storage-version`; nothing is left open then.
   * @param crc of no other use meanwhile
   */
  static async open(folder: SegmentFolder, name: string, crc: Crc32c): Promise<PackedFile> {
    const own = await Crc32c.create();
    const file = await folder.open(name);
    try {
      const opened = new PackedFile(name, await SegmentReader.open(file, crc), own);
      for (const section of Object.keys(SECTIONS)) opened.section(section as SectionName);
      if (opened.rows > MAX_ROWS) throw damaged(`it claims ${opened.rows} rows`);
      return opened;
    } catch (thrown) {
      file.close();
      throw thrown;
    }
  }

  /** Of all of it. */
  get bytes(): number {
    return fileBytes(this.reader.header.sections);
  }

  /** Throws `storage` if there is none, or one with other rows. */
  section(name: SectionName): Section {
    const section = this.reader.section(SECTIONS[name]);
    if (section?.stride !== strideOf(name, this.dimension)) {
      throw damaged(`it has no section of ${name}, of that kind of rows`);
    }
    return section;
  }

  /**
   * A section that is not by row, or all rows of one; checked. Rejects with `storage`, or with the
   * signal's reason.
   * @param into filled and returned
   */
  async all(
    name: SectionName,
    crc: Crc32c,
    signal: AbortSignal,
    into = new Uint8Array(this.section(name).bytes),
  ): Promise<Uint8Array<ArrayBuffer>> {
    await this.reader.stream(
      this.section(name),
      crc,
      (bytes, at) => {
        into.set(bytes, at);
      },
      signal,
    );
    return into;
  }

  /** The items of ascending rows; null where one was dead when the file was written. Rejects with `storage`. */
  async items(rows: Uint32Array): Promise<(ItemRecord | null)[]> {
    const stored = await this.storedItems(rows, await this.entries(rows));
    return stored.map(({ item }) => item);
  }

  /** The vectors of ascending rows, one behind the other, checked. Rejects with `storage`. */
  async vectors(rows: Uint32Array): Promise<Float32Array<ArrayBuffer>> {
    const halves = new Uint16Array(rows.length * this.dimension);
    await this.halves(rows, halves);
    const entries = await this.entries(rows);
    entries.forEach(({ vectorChecksum }, place) => {
      if (this.vectorChecksum(halves, place) === vectorChecksum) return;
      throw damaged(`the vector of row ${rows[place] ?? 0} is not what was written`);
    });
    const vectors = new Float32Array(halves.length);
    decodeFloat16(halves, vectors);
    return vectors;
  }

  /** Writes the vectors of ascending rows, as float16, to `into`; unchecked. Rejects with `storage`. */
  async halves(rows: Uint32Array, into: Uint16Array<ArrayBuffer>): Promise<void> {
    const { buffer, byteOffset, byteLength } = into;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    await this.reader.rows(this.section('float16'), rows, bytes);
  }

  /** Of the vector at that place. */
  vectorChecksum(halves: Uint16Array, place: number): number {
    const { dimension } = this;
    const { buffer, byteOffset } = halves;
    return this.#crc.of(new Uint8Array(buffer, byteOffset + 2 * place * dimension, 2 * dimension));
  }

  checksum(bytes: Uint8Array): number {
    return this.#crc.of(bytes);
  }

  /** Of ascending rows; unchecked. Rejects with `storage`. */
  async entries(rows: Uint32Array): Promise<RowEntry[]> {
    return decodeEntries(await this.reader.rows(this.section('entries'), rows));
  }

  /** The items of ascending rows that have these entries. Rejects with `storage`. */
  async storedItems(rows: Uint32Array, entries: readonly RowEntry[]): Promise<StoredItem[]> {
    const section = this.section('items');
    const spans: Span[] = [];
    let end = 0;
    const found = entries.map(({ at, bytes }, place) => {
      if (bytes > 0 && (at < end || at + bytes > section.bytes)) throw damagedItem(rows[place]);
      const into = new Uint8Array(bytes);
      if (bytes > 0) spans.push({ at, into });
      if (bytes > 0) end = at + bytes;
      return into;
    });
    await this.reader.spans(section, spans);
    return found.map((json, place) => {
      const isWhole = this.#crc.of(json) === entries[place]?.itemChecksum;
      if (isWhole && json.length === 0) return { json, item: null };
      const item = isWhole ? parseItem(json) : null;
      if (item === null) throw damagedItem(rows[place]);
      return { json, item };
    });
  }

  /** Of no effect when it is closed. */
  close(): void {
    this.reader.close();
  }
}

/** Bytes per row; 0 for what is not by row. */
export function strideOf(name: SectionName, dimension: number): number {
  switch (name) {
    case 'codebook':
    case 'items':
    case 'directory':
    case 'columns':
      return 0;
    case 'bits':
      return codeBytes(dimension);
    case 'offsets':
    case 'factors':
    case 'idHashes':
    case 'idRows':
      return 4;
    case 'float16':
      return dimension * Uint16Array.BYTES_PER_ELEMENT;
    case 'entries':
      return ENTRY_BYTES;
    default:
      return name satisfies never;
  }
}

/** The codebook of a file. Rejects with `storage`. */
export async function readCodebook(
  file: PackedFile,
  crc: Crc32c,
  signal: AbortSignal,
): Promise<Codebook> {
  return Codebook.decode(await file.all('codebook', crc, signal), file.dimension);
}

function damagedItem(row = 0): PhotoglotError {
  return damaged(`the item of row ${row} is not what was written`);
}
