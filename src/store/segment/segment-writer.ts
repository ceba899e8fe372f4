/** Writes a segment block of rows by block of rows, so that it is never in memory as a whole. */
import type { Crc32c } from './crc32c';
import { aligned, encodeHeader, headerBytes, type Section } from './segment-format';
import type { WritableFile } from './segment-file';

/** A section that is to be written: its bytes per row, or its bytes where it is not by row. */
export type NewSection =
  | { readonly kind: number; readonly stride: number }
  | { readonly kind: number; readonly stride: 0; readonly bytes: number }
  /** Of a size that nobody knows yet. */
  | { readonly kind: number; readonly stride: 0; readonly bytes: 'open' };

export interface NewSegment {
  readonly rows: number;
  readonly dimension: number;
  /** Those that are open come last, and are written one after the other. */
  readonly sections: readonly NewSection[];
}

/** How far a section is. */
interface Progress {
  readonly kind: number;
  readonly stride: number;
  readonly crc: Crc32c;
  /** Null while it is open. */
  readonly bytes: number | null;
  /** Means nothing while an open one has no bytes. */
  offset: number;
  written: number;
}

export class SegmentWriter {
  readonly #file: WritableFile;
  readonly #segment: NewSegment;
  readonly #progress: readonly Progress[];
  /** Place of the last section that has its place in the file: those before it are closed if they were open. */
  #last: number;

  /** @param crcs one per section, of no other use meanwhile */
  constructor(file: WritableFile, segment: NewSegment, crcs: readonly Crc32c[]) {
    this.#file = file;
    this.#segment = segment;
    let end = headerBytes(segment.sections.length);
    let known = 0;
    this.#progress = segment.sections.map((section, index) => {
      const crc = crcs[index];
      if (crc === undefined) throw new Error('Each section needs a checksum of its own.');
      crc.reset();
      const { kind, stride } = section;
      const bytes = bytesOf(section, segment.rows);
      if (bytes !== null) {
        if (known !== index) throw new Error('Sections of unknown size have to come last.');
        known++;
      }
      // An empty section begins where the last one ended: nothing is written behind the end.
      const offset = (bytes ?? 0) === 0 ? end : aligned(end);
      end = offset + (bytes ?? 0);
      return { kind, stride, crc, bytes, offset, written: 0 };
    });
    this.#last = known - 1;
  }

  /** Adds bytes to the end of a section. Throws or rejects as {@link WritableFile} does. */
  append(kind: number, bytes: Uint8Array<ArrayBuffer>): void | Promise<void> {
    const place = this.#progress.findIndex((section) => section.kind === kind);
    const progress = this.#progress[place];
    if (
      progress === undefined ||
      progress.written + bytes.length > (progress.bytes ?? Infinity) ||
      (progress.bytes === null && place < this.#last)
    ) {
      throw new Error(`The segment has no room for ${bytes.length} more bytes of kind ${kind}.`);
    }
    if (bytes.length === 0) return;
    if (progress.bytes === null) this.#begin(progress, place);
    const at = progress.offset + progress.written;
    progress.crc.update(bytes);
    progress.written += bytes.length;
    return this.#file.write(at, bytes);
  }

  /** Makes a segment of the file: it is none before. All sections must be full. Closes the file. */
  async finish(crc: Crc32c): Promise<void> {
    const sections = this.#sections();
    // The header vouches for what lies behind it, so that has to be on the disk first.
    await this.#file.flush();
    const { rows, dimension } = this.#segment;
    await this.#file.write(0, encodeHeader({ rows, dimension, sections }, crc));
    await this.#file.finish();
  }

  /** Places an open section behind the last, whose size is known by that. */
  #begin(progress: Progress, place: number): void {
    if (place === this.#last) return;
    const last = this.#progress[this.#last];
    const end =
      last === undefined
        ? headerBytes(this.#progress.length)
        : last.offset + (last.bytes ?? last.written);
    progress.offset = aligned(end);
    this.#last = place;
  }

  #sections(): Section[] {
    let end = headerBytes(this.#progress.length);
    return this.#progress.map(({ kind, stride, offset, bytes, written, crc }) => {
      if (written !== (bytes ?? written)) {
        throw new Error(`Section ${kind} has ${written} of ${String(bytes)} bytes.`);
      }
      const at = written === 0 ? end : offset;
      end = at + written;
      return { kind, stride, offset: at, bytes: written, checksum: crc.value() };
    });
  }
}

/** Null for one of unknown size. */
function bytesOf(section: NewSection, rows: number): number | null {
  if (!('bytes' in section)) return section.stride * rows;
  return section.bytes === 'open' ? null : section.bytes;
}
