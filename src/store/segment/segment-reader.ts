/** Reads an immutable segment: whole sections, or single rows of one. */
import type { Crc32c } from './crc32c';
import {
  damaged,
  headerBytes,
  measureHeader,
  parseHeader,
  type Section,
  type SegmentHeader,
} from './segment-format';
import type { ReadableFile } from './segment-file';

/** Bytes read at a time where all of a section is wanted. */
const BLOCK_BYTES = 2 ** 20;
/** Rows that lie no further apart are read together where reading is a task of its own. */
const GAP_BYTES = 16_384;

export class SegmentReader {
  readonly header: SegmentHeader;
  readonly #file: ReadableFile;

  private constructor(file: ReadableFile, header: SegmentHeader) {
    this.#file = file;
    this.header = header;
  }

  /** Reads the header. Rejects with `storage-version`, or with `storage` for one that is damaged. */
  static async open(file: ReadableFile, crc: Crc32c): Promise<SegmentReader> {
    const start = new Uint8Array(Math.min(headerBytes(0), file.size));
    await file.read(0, start);
    const bytes = new Uint8Array(measureHeader(start, file.size));
    await file.read(0, bytes);
    return new SegmentReader(file, parseHeader(bytes, file.size, crc));
  }

  /** Null where the segment has no such section. */
  section(kind: number): Section | null {
    return this.header.sections.find((section) => section.kind === kind) ?? null;
  }

  /**
   * Hands all bytes of a section over, in blocks of whole rows, which are valid only until the next; checks
   * them against their checksum, and rejects with `storage` at the end if that is wrong. The signal is
   * asked between blocks.
   */
  async stream(
    section: Section,
    crc: Crc32c,
    visit: (bytes: Uint8Array<ArrayBuffer>, at: number) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { stride, bytes: all } = section;
    const size = Math.max(stride, BLOCK_BYTES - (stride > 0 ? BLOCK_BYTES % stride : 0));
    const block = new Uint8Array(Math.min(size, all));
    crc.reset();
    for (let at = 0; at < all; at += block.length) {
      signal.throwIfAborted();
      const bytes = block.subarray(0, Math.min(block.length, all - at));
      await this.#file.read(section.offset + at, bytes);
      crc.update(bytes);
      visit(bytes, at);
    }
    if (crc.value() !== section.checksum) {
      throw damaged(`the checksum of section ${section.kind} is wrong`);
    }
  }

  /**
   * The bytes of the rows with these ascending numbers, one after the other. Unchecked.
   * @param found filled and returned; as long as all of them together
   */
  async rows(
    section: Section,
    rows: Uint32Array,
    found = new Uint8Array(rows.length * section.stride),
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { stride, offset } = section;
    for (let index = 0; index < rows.length; index++) {
      const into = found.subarray(index * stride, (index + 1) * stride);
      const reading = this.#file.read(offset + (rows[index] ?? 0) * stride, into);
      if (reading === undefined) continue;
      // Not at once: fewer, longer reads of what is left, all at the same time.
      await Promise.all([reading, ...this.#readRuns(section, rows, found, index + 1)]);
      break;
    }
    return found;
  }

  close(): void {
    this.#file.close();
  }

  /** Reads the rows from place `first` on; those that lie near each other together. */
  *#readRuns(
    { stride, offset }: Section,
    rows: Uint32Array,
    found: Uint8Array,
    first: number,
  ): Generator<Promise<void>> {
    for (let start = first; start < rows.length;) {
      let end = start + 1;
      while (end < rows.length && gap(rows, end) * stride <= GAP_BYTES) end++;
      yield this.#readRun(offset, stride, rows.subarray(start, end), found, start);
      start = end;
    }
  }

  async #readRun(
    offset: number,
    stride: number,
    run: Uint32Array,
    found: Uint8Array,
    first: number,
  ): Promise<void> {
    const start = run[0] ?? 0;
    const bytes = new Uint8Array(((run.at(-1) ?? 0) - start + 1) * stride);
    await this.#file.read(offset + start * stride, bytes);
    run.forEach((row, index) => {
      const from = (row - start) * stride;
      found.set(bytes.subarray(from, from + stride), (first + index) * stride);
    });
  }
}

/** Rows from the end of row `index − 1` to the beginning of row `index`. */
function gap(rows: Uint32Array, index: number): number {
  return (rows[index] ?? 0) - (rows[index - 1] ?? 0) - 1;
}
