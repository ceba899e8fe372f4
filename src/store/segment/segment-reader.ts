/** Reads an immutable segment: whole sections, or single rows of one. */
import { Turns } from '../../core/turns';
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
/** What lies no further apart is read together where reading is a task of its own. */
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
   * them against their checksum, and rejects with `storage` at the end if that is wrong. Between blocks
   * messages get their turn, and the signal is asked.
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
    const turns = new Turns();
    crc.reset();
    for (let at = 0; at < all; at += block.length) {
      await turns.next(signal);
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
   * The bytes of the rows with these ascending numbers, one after the other. Unchecked. Rejects with
   * `storage` for rows that are not there.
   * @param found filled and returned; as long as all of them together
   */
  async rows(
    section: Section,
    rows: Uint32Array,
    found = new Uint8Array(rows.length * section.stride),
  ): Promise<Uint8Array<ArrayBuffer>> {
    const { stride } = section;
    const spans: Span[] = [];
    for (let start = 0; start < rows.length;) {
      const first = rows[start] ?? 0;
      let end = start + 1;
      while (rows[end] === first + end - start) end++;
      const into = found.subarray(start * stride, end * stride);
      spans.push({ at: first * stride, into });
      start = end;
    }
    await this.spans(section, spans);
    return found;
  }

  /** Fills all of these, which are ascending and do not overlap. Rejects as {@link rows} does. */
  async spans({ offset, bytes }: Section, spans: readonly Span[]): Promise<void> {
    const last = spans.at(-1) ?? NOTHING;
    if (endOf(last) > bytes) throw damaged(`a section of it ends before byte ${endOf(last)}`);
    for (let index = 0; index < spans.length; index++) {
      const { at, into } = spans[index] ?? NOTHING;
      const reading = this.#file.read(offset + at, into);
      if (reading === undefined) continue;
      // Not at once: fewer, longer reads of what is left, all at the same time.
      await Promise.all([reading, ...this.#readRuns(offset, spans.slice(index + 1))]);
      break;
    }
  }

  close(): void {
    this.#file.close();
  }

  /** Reads spans; those that lie near each other together. */
  *#readRuns(offset: number, spans: readonly Span[]): Generator<Promise<void>> {
    for (let start = 0; start < spans.length;) {
      let end = start + 1;
      while (end < spans.length && gap(spans, end) <= GAP_BYTES) end++;
      yield this.#readRun(offset, spans.slice(start, end));
      start = end;
    }
  }

  async #readRun(offset: number, run: readonly Span[]): Promise<void> {
    const { at: start } = run[0] ?? NOTHING;
    const bytes = new Uint8Array(endOf(run.at(-1) ?? NOTHING) - start);
    await this.#file.read(offset + start, bytes);
    for (const { at, into } of run) into.set(bytes.subarray(at - start, at - start + into.length));
  }
}

/** Bytes that are wanted, and where they belong. */
export interface Span {
  /** From the beginning of the section. */
  readonly at: number;
  readonly into: Uint8Array<ArrayBuffer>;
}

const NOTHING: Span = { at: 0, into: new Uint8Array() };

function endOf({ at, into }: Span): number {
  return at + into.length;
}

/** Bytes from the end of span `index − 1` to the beginning of span `index`. */
function gap(spans: readonly Span[], index: number): number {
  return (spans[index] ?? NOTHING).at - endOf(spans[index - 1] ?? NOTHING);
}
