/** Writes a packed file slice by slice of rows, whatever they are made of. */
import type { ItemRecord } from '../../protocol/store-contract';
import { Crc32c } from '../segment/crc32c';
import { SECTIONS } from '../segment/segment-format';
import type { SegmentFolder } from '../segment/segment-file';
import { SegmentWriter, type NewSection, type NewSegment } from '../segment/segment-writer';
import { Codebook } from './codebook';
import { ColumnBuilder } from './column-builder';
import { hashId } from './id-hash';
import { MAX_ROWS, sortIds } from './id-index';
import { strideOf, type SectionName, type StoredItem } from './packed-file';
import { encodeEntries } from './row-entries';

/** Rows of a slice at most: what is made of so many takes a few milliseconds. */
export const SLICE_ROWS = 64;

export interface NewFile {
  readonly codebook: Codebook;
  /** 2²⁰ at most. */
  readonly rows: number;
}

/** Consecutive rows. */
export interface RowSlice {
  readonly bits: Uint8Array<ArrayBuffer>;
  readonly offsets: Float32Array<ArrayBuffer>;
  readonly factors: Float32Array<ArrayBuffer>;
  readonly float16: Uint16Array<ArrayBuffer>;
  readonly items: readonly StoredItem[];
  /** Per row the checksum that its vector should have; null for that of its bytes. @default all null */
  readonly vectorChecksums?: readonly (number | null)[];
}

export class PackedWriter {
  readonly #writer: SegmentWriter;
  readonly #dimension: number;
  readonly #crc: Crc32c;
  readonly #columns: ColumnBuilder;
  /** Per row, that of its id. */
  readonly #hashes: Uint32Array<ArrayBuffer>;
  #rows = 0;
  #itemsEnd = 0;

  /** @param crc of no other use meanwhile */
  constructor(writer: SegmentWriter, { codebook, rows }: NewFile, crc: Crc32c) {
    this.#writer = writer;
    this.#dimension = codebook.mean.length;
    this.#crc = crc;
    this.#columns = new ColumnBuilder(rows);
    // Dead rows keep this: nothing of the file says that they are there, but their number.
    this.#hashes = new Uint32Array(rows).fill(0xff_ff_ff_ff);
  }

  async append(slice: RowSlice): Promise<void> {
    const { items, float16 } = slice;
    const rowBytes = 2 * this.#dimension;
    const vectors = new Uint8Array(float16.buffer, float16.byteOffset, float16.byteLength);
    const entries = items.map(({ json, item }, place) => {
      const vector = vectors.subarray(place * rowBytes, (place + 1) * rowBytes);
      const vectorChecksum = slice.vectorChecksums?.[place] ?? this.#crc.of(vector);
      const entry = {
        at: this.#itemsEnd,
        bytes: json.length,
        itemChecksum: this.#crc.of(json),
        vectorChecksum,
      };
      this.#itemsEnd += json.length;
      if (item !== null) this.#index(item, this.#rows + place);
      return entry;
    });
    this.#rows += items.length;
    await this.#write('bits', slice.bits);
    await this.#write('offsets', new Uint8Array(slice.offsets.buffer));
    await this.#write('factors', new Uint8Array(slice.factors.buffer));
    await this.#write('float16', vectors);
    await this.#write('entries', encodeEntries(entries));
    await this.#write('items', joined(items.map(({ json }) => json)));
  }

  /** Writes what is known at the end only. */
  async finish(signal: AbortSignal): Promise<void> {
    const { hashes, rows } = sortIds(this.#hashes);
    await this.#write('idHashes', new Uint8Array(hashes.buffer));
    await this.#write('idRows', new Uint8Array(rows.buffer));
    await this.#columns.write(this.#crc, signal, (name, bytes) => this.#write(name, bytes));
    await this.#writer.finish(this.#crc);
  }

  #index({ id, meta }: ItemRecord, row: number): void {
    this.#hashes[row] = hashId(id);
    this.#columns.add(row, meta);
  }

  #write(name: SectionName, bytes: Uint8Array<ArrayBuffer>): void | Promise<void> {
    return this.#writer.append(SECTIONS[name], bytes);
  }
}

/**
 * Writes a file as `fill` says, which hands over all its rows; the disk has it when this resolves.
 * Nothing of it stays when it rejects: with `quota-exceeded` or `storage`, with what `fill` throws, or
 * with the signal's reason.
 */
export async function writePacked(
  folder: SegmentFolder,
  name: string,
  file: NewFile,
  signal: AbortSignal,
  fill: (writer: PackedWriter) => Promise<void>,
): Promise<void> {
  if (file.rows > MAX_ROWS) throw new Error(`A packed file has ${MAX_ROWS} rows at most.`);
  signal.throwIfAborted();
  const segment = shapeOf(file);
  const crc = await Crc32c.create();
  const crcs = await Promise.all(segment.sections.map(() => Crc32c.create()));
  const target = await folder.create(name);
  try {
    const sections = new SegmentWriter(target, segment, crcs);
    await sections.append(SECTIONS.codebook, file.codebook.encode());
    const writer = new PackedWriter(sections, file, crc);
    await fill(writer);
    await writer.finish(signal);
  } catch (thrown) {
    target.close();
    // What cannot be removed now is no segment, and found to belong to nobody later.
    await folder.remove(name).catch(() => undefined);
    throw thrown;
  }
}

function shapeOf({ codebook, rows }: NewFile): NewSegment {
  const dimension = codebook.mean.length;
  const byRow = (name: SectionName): NewSection => ({
    kind: SECTIONS[name],
    stride: strideOf(name, dimension),
  });
  const open = (name: SectionName): NewSection => ({
    kind: SECTIONS[name],
    stride: 0,
    bytes: 'open',
  });
  return {
    rows,
    dimension,
    sections: [
      { kind: SECTIONS.codebook, stride: 0, bytes: Codebook.bytesFor(dimension) },
      ...(['bits', 'offsets', 'factors', 'float16', 'idHashes', 'idRows', 'entries'] as const).map(
        byRow,
      ),
      ...(['items', 'columns', 'directory'] as const).map(open),
    ],
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
