/** Rows of consecutive files, numbered over all of them, as they are read. */
import type { ItemRecord } from '../../protocol/store-contract';
import type { PackedFile } from './packed-file';

/** A file and where its rows are among all. */
export interface PlacedFile {
  readonly file: PackedFile;
  readonly first: number;
  readonly end: number;
}

/** Rows of one file. */
export interface RowsOfFile {
  readonly file: PackedFile;
  /** By their numbers in the file. */
  readonly rows: Uint32Array;
  /** Place of the first of them among all that are meant. */
  readonly from: number;
}

export class FileRows {
  readonly #files: readonly PlacedFile[];
  readonly #dimension: number;

  constructor(files: readonly PlacedFile[], dimension: number) {
    this.#files = files;
    this.#dimension = dimension;
  }

  /** Ascending rows by the files that they are in. */
  *inFiles(rows: Uint32Array): Generator<RowsOfFile> {
    let from = 0;
    for (const { file, first, end } of this.#files) {
      let to = from;
      while (to < rows.length && (rows[to] ?? 0) < end) to++;
      if (to > from) yield { file, rows: rows.subarray(from, to).map((row) => row - first), from };
      from = to;
    }
  }

  /**
   * The items of ascending rows, as many; null in the place of one that was dead when its file was
   * written. Rejects with `storage`.
   */
  async items(rows: Uint32Array): Promise<(ItemRecord | null)[]> {
    const reading = Array.from(this.inFiles(rows), ({ file, rows: own }) => file.items(own));
    return (await Promise.all(reading)).flat();
  }

  /** The vectors of ascending rows, one behind the other, checked. Rejects with `storage`. */
  async vectors(rows: Uint32Array): Promise<Float32Array<ArrayBuffer>> {
    const found = new Float32Array(rows.length * this.#dimension);
    await Promise.all(
      Array.from(this.inFiles(rows), async ({ file, rows: own, from }) => {
        found.set(await file.vectors(own), from * this.#dimension);
      }),
    );
    return found;
  }

  /** Writes the vectors of ascending rows, as float16, to `into`; unchecked. Rejects with `storage`. */
  async halves(rows: Uint32Array, into: Uint16Array<ArrayBuffer>): Promise<void> {
    const dimension = this.#dimension;
    // All files at once: where reading is a task of its own, none waits for another.
    await Promise.all(
      Array.from(this.inFiles(rows), ({ file, rows: own, from }) =>
        file.halves(own, into.subarray(from * dimension, (from + own.length) * dimension)),
      ),
    );
  }
}
