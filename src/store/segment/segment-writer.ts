/** Writes a segment block of rows by block of rows, so that it is never in memory as a whole. */
import type { Crc32c } from './crc32c';
import { encodeHeader, placeSections, type Section } from './segment-format';
import type { WritableFile } from './segment-file';

/** A section that is to be written: its bytes per row, or its bytes where it is not by row. */
export type NewSection =
  | { readonly kind: number; readonly stride: number }
  | { readonly kind: number; readonly stride: 0; readonly bytes: number };

export interface NewSegment {
  readonly rows: number;
  readonly dimension: number;
  readonly sections: readonly NewSection[];
}

/** How far a section is. */
interface Progress {
  readonly section: Omit<Section, 'checksum'>;
  readonly crc: Crc32c;
  written: number;
}

export class SegmentWriter {
  readonly #file: WritableFile;
  readonly #segment: NewSegment;
  readonly #progress: readonly Progress[];

  /** @param crcs one per section, of no other use meanwhile */
  constructor(file: WritableFile, segment: NewSegment, crcs: readonly Crc32c[]) {
    this.#file = file;
    this.#segment = segment;
    this.#progress = placeSections(segment.rows, segment.sections).map((section, index) => {
      const crc = crcs[index];
      if (crc === undefined) throw new Error('Each section needs a checksum of its own.');
      crc.reset();
      return { section, crc, written: 0 };
    });
  }

  /** Adds bytes to the end of a section. */
  append(kind: number, bytes: Uint8Array<ArrayBuffer>): void {
    const progress = this.#progress.find(({ section }) => section.kind === kind);
    if (progress === undefined || progress.written + bytes.length > progress.section.bytes) {
      throw new Error(`The segment has no room for ${bytes.length} more bytes of kind ${kind}.`);
    }
    this.#file.write(progress.section.offset + progress.written, bytes);
    progress.crc.update(bytes);
    progress.written += bytes.length;
  }

  /** Makes a segment of the file: it is none before. All sections must be full. */
  finish(crc: Crc32c): void {
    const sections = this.#progress.map(({ section, crc: own, written }) => {
      if (written !== section.bytes) {
        throw new Error(`Section ${section.kind} has ${written} of ${section.bytes} bytes.`);
      }
      return { ...section, checksum: own.value() };
    });
    // The header vouches for what lies behind it, so that has to be on the disk first.
    this.#file.flush();
    const { rows, dimension } = this.#segment;
    this.#file.write(0, encodeHeader({ rows, dimension, sections }, crc));
    this.#file.flush();
  }
}
