/**
 * A portable file, read from front to back; see portable-format.ts. Everything is checked before it is
 * handed on, but only the end of the file says that it is complete: what was handed on counts from then.
 */
import { PhotoglotError } from '../errors';
import type { CollectionSummary } from '../protocol/store-contract';
import { ByteReader, type ByteSource } from './byte-reader';
import { checkRecord, checkUnitRows, isObject } from './check-record';
import { areEqual, Checksums } from './checksums';
import { importInvalid } from './import-error';
import { parseJson } from './json-text';
import {
  CHECKSUM_BYTES,
  FILE_HEADER_BYTES,
  MAGIC,
  MAX_DIMENSION,
  MAX_RECORD_BYTES,
  parseTag,
  RECORD_HEADER_BYTES,
  VERSION,
  type PictureHeader,
  type Tag,
} from './portable-format';
import type { PictureKind, RowBlock } from './row-source';

/** A part of the file, in its order. */
export type PortablePart =
  | { readonly kind: 'rows'; readonly block: RowBlock }
  | {
      readonly kind: 'picture';
      readonly id: string;
      readonly which: PictureKind;
      readonly picture: Blob;
    };

/** A file of which the head was read. */
export interface PortableFile {
  readonly head: CollectionSummary;
  /**
   * Throws `import-invalid` where the file is not what the format says; having come to the end without, it
   * is sound. To be read once.
   */
  readonly parts: AsyncIterable<PortablePart>;
  /** Lets the source go, also before its end. */
  close(): Promise<void>;
}

interface FileRecord {
  readonly tag: Tag;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Where it begins. */
  readonly place: number;
}

/** Reads the head. Throws `import-invalid` and `unsupported-format-version`. */
export async function openPortable(bytes: ByteSource): Promise<PortableFile> {
  const reader = new ByteReader(bytes);
  try {
    const file = new PortableReader(reader, await Checksums.create());
    const head = await file.head();
    return { head, parts: file.parts(head), close: () => reader.close() };
  } catch (thrown) {
    await reader.close();
    throw thrown;
  }
}

class PortableReader {
  readonly #reader: ByteReader;
  readonly #checksums: Checksums;
  readonly #ids = new Set<string>();
  /** Of the rows that came last. */
  #items: RowBlock['items'] = [];
  /** Pictures that these have had. */
  readonly #pictured = new Set<string>();

  constructor(reader: ByteReader, checksums: Checksums) {
    this.#reader = reader;
    this.#checksums = checksums;
  }

  async head(): Promise<CollectionSummary> {
    await this.#fileHeader();
    const record = await this.#record();
    if (record.tag !== 'HEAD') throw unexpected(record, 'HEAD');
    return parseHead(record.payload);
  }

  async *parts(head: CollectionSummary): AsyncGenerator<PortablePart, void> {
    for (let record = await this.#record(); record.tag !== 'DONE'; record = await this.#record()) {
      if (record.tag === 'ROWS') yield { kind: 'rows', block: this.#rows(record, head) };
      else if (record.tag === 'PICT') yield await this.#picture(record);
      else throw unexpected(record, 'ROWS, PICT or DONE');
    }
    if (this.#ids.size !== head.count) {
      throw importInvalid(
        `The file has ${this.#ids.size} items; it says that it has ${head.count}.`,
      );
    }
    const rest = await this.#reader.readUpTo(1);
    if (rest.length > 0) throw importInvalid('The file goes on behind its end.');
  }

  async #fileHeader(): Promise<void> {
    const header = await this.#reader.read(FILE_HEADER_BYTES, 'its header');
    if (String.fromCharCode(...header.subarray(0, MAGIC.length)) !== MAGIC) {
      throw importInvalid(`The file does not start with "${MAGIC}": it is no exported collection.`);
    }
    const view = new DataView(header.buffer);
    const version = view.getUint32(8, true);
    if (version !== VERSION) {
      throw new PhotoglotError(
        'unsupported-format-version',
        `The file has version ${version} of its format; this release reads version ${VERSION}.`,
      );
    }
    if (view.getUint32(12, true) !== 0) throw importInvalid('The header of the file is damaged.');
    this.#checksums.add(header);
  }

  /** The next record, its checksum verified; of the last one also that of the file. */
  async #record(): Promise<FileRecord> {
    const place = this.#reader.taken;
    const header = await this.#reader.read(RECORD_HEADER_BYTES, 'the header of a record');
    const tag = parseTag(header, place);
    const length = new DataView(header.buffer).getUint32(4, true);
    if (length > MAX_RECORD_BYTES) {
      throw importInvalid(
        `The record at byte ${place} says that it has ${length} bytes; at most ${MAX_RECORD_BYTES} are allowed.`,
      );
    }
    const payload = await this.#reader.read(length, `a record of ${length} bytes`);
    const crc = await this.#reader.read(CHECKSUM_BYTES, 'the checksum of a record');
    if (!areEqual(crc, this.#checksums.crc(header, payload))) {
      throw importInvalid(
        `The record "${tag}" at byte ${place} is damaged: its checksum is wrong.`,
      );
    }
    if (tag !== 'DONE') this.#checksums.add(header, payload, crc);
    else if (!areEqual(payload, this.#checksums.sha256())) {
      throw importInvalid('The file is not as it was written: its SHA-256 is wrong.');
    }
    return { tag, payload, place };
  }

  #rows({ payload, place }: FileRecord, { dimension, count }: CollectionSummary): RowBlock {
    const first = this.#ids.size;
    const view = new DataView(payload.buffer);
    const wrong = importInvalid(`The rows at byte ${place} are not as long as they say.`);
    if (payload.length < 8) throw wrong;
    const [rows, jsonLength] = [view.getUint32(0, true), view.getUint32(4, true)];
    const vectorBytes = rows * dimension * Float32Array.BYTES_PER_ELEMENT;
    if (jsonLength % 4 !== 0 || payload.length !== 8 + jsonLength + vectorBytes) throw wrong;
    if (first + rows > count) throw importInvalid(`The file has more than its ${count} items.`);
    const list = parseJson(
      payload.subarray(8, 8 + jsonLength),
      `The list of items at byte ${place}`,
    );
    if (!Array.isArray(list) || list.length !== rows) {
      throw importInvalid(`The list at byte ${place} has not the ${rows} items that it says.`);
    }
    const items = list.map((value: unknown, index) => checkRecord(value, first + index));
    items.forEach(({ id }) => {
      if (this.#ids.has(id)) throw importInvalid(`The id "${id}" is there twice.`);
      this.#ids.add(id);
    });
    const vectors = new Float32Array(payload.buffer.slice(8 + jsonLength));
    checkUnitRows(vectors, dimension, first);
    this.#items = items;
    this.#pictured.clear();
    return { items, vectors };
  }

  async #picture({ payload, place }: FileRecord): Promise<PortablePart> {
    const header = parsePictureHeader(payload, place);
    const id = this.#items[header.row]?.id;
    const which = `${header.row} ${header.kind}`;
    if (id === undefined || this.#pictured.has(which)) {
      throw importInvalid(`The picture at byte ${place} belongs to no item, or is there twice.`);
    }
    this.#pictured.add(which);
    // Blobs, as a large picture need not be in this thread's memory.
    const pieces: Blob[] = [];
    for (let size = 0; size < header.size;) {
      const record = await this.#record();
      if (record.tag !== 'DATA' || record.payload.length === 0) throw unexpected(record, 'DATA');
      size += record.payload.length;
      if (size > header.size) {
        throw importInvalid(`The picture at byte ${place} is larger than it says.`);
      }
      pieces.push(new Blob([record.payload]));
    }
    return { kind: 'picture', id, which: header.kind, picture: toPicture(pieces, header) };
  }
}

function parseHead(payload: Uint8Array): CollectionSummary {
  const head = parseJson(payload, 'The head of the file');
  if (!isObject(head)) throw importInvalid('The head of the file is no object.');
  const { name, model, dimension, count } = head;
  if (typeof name !== 'string' || name === '' || typeof model !== 'string' || model === '') {
    throw importInvalid('The head of the file has no name or no model.');
  }
  if (!isCount(dimension) || dimension < 1 || dimension > MAX_DIMENSION || !isCount(count)) {
    throw importInvalid(
      `The head of the file has no dimension of 1…${MAX_DIMENSION}, or no number of items.`,
    );
  }
  return { name, model, dimension, count };
}

function parsePictureHeader(payload: Uint8Array, place: number): PictureHeader {
  const what = `The picture at byte ${place}`;
  const header = parseJson(payload, what);
  if (!isObject(header)) throw importInvalid(`${what} is no object.`);
  const { row, kind, type, size, name, lastModified } = header;
  if (!isCount(row) || !isCount(size) || typeof type !== 'string') {
    throw importInvalid(`${what} has no row, size or type.`);
  }
  if (kind !== 'thumbnail' && kind !== 'original') {
    throw importInvalid(`${what} is neither a thumbnail nor an original.`);
  }
  if (name === undefined && lastModified === undefined) return { row, kind, type, size };
  if (typeof name !== 'string' || !Number.isSafeInteger(lastModified)) {
    throw importInvalid(`${what} has a name without a time, or the other way round.`);
  }
  return { row, kind, type, size, name, lastModified: lastModified as number };
}

function toPicture(pieces: Blob[], { type, name, lastModified }: PictureHeader): Blob {
  if (name === undefined || lastModified === undefined) return new Blob(pieces, { type });
  return new File(pieces, name, { type, lastModified });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function unexpected({ tag, place }: FileRecord, expected: string): PhotoglotError {
  return importInvalid(`The record at byte ${place} is ${tag}; expected was ${expected}.`);
}
