/** Rows in the memory of a kernel, in chunks: the memory grows, and nothing that is in it moves. */
import type { KernelMemory } from './kernel-memory';

/** Bytes of a chunk at most, unless 64 rows take more. */
const CHUNK_BYTES = 4 * 2 ** 20;
/** Filters come in words of 64 bits. */
const FEWEST_ROWS = 64;

/** A chunk that has rows. */
export interface Chunk {
  /** The number of its first row, a multiple of 64. */
  readonly first: number;
  /** How many rows it has. */
  readonly count: number;
  /** The address of each column. */
  readonly columns: readonly number[];
}

/** Rows of several columns, such as a code and its scale; each is an array of its own in each chunk. */
export class RowChunks {
  readonly rowsPerChunk: number;
  readonly #memory: KernelMemory;
  readonly #rowBytes: readonly number[];
  /** Of a row, in all columns. */
  readonly #allBytes: number;
  #chunks: (readonly number[])[] = [];
  #count = 0;

  /** @param rowBytes of each column, what a row takes */
  constructor(memory: KernelMemory, rowBytes: readonly number[]) {
    this.#memory = memory;
    this.#rowBytes = rowBytes;
    this.#allBytes = rowBytes.reduce((sum, bytes) => sum + bytes, 0);
    const fitting = Math.max(FEWEST_ROWS, Math.floor(CHUNK_BYTES / this.#allBytes));
    this.rowsPerChunk = 2 ** Math.floor(Math.log2(fitting));
  }

  get count(): number {
    return this.#count;
  }

  /** Makes room, so that an `append` of so many rows cannot fail. Throws `too-large`. */
  reserve(moreRows: number): void {
    const needed = Math.ceil((this.#count + moreRows) / this.rowsPerChunk);
    const missing = needed - this.#chunks.length;
    if (missing <= 0) return;
    // At once: a memory that grows again and again is copied each time by some engines.
    let end = this.#memory.take(this.#allBytes * this.rowsPerChunk * missing);
    while (this.#chunks.length < needed) {
      this.#chunks.push(
        this.#rowBytes.map((bytes) => {
          const address = end;
          // Still a multiple of 64, as the number of rows is.
          end += bytes * this.rowsPerChunk;
          return address;
        }),
      );
    }
  }

  /**
   * Adds rows at the end. Throws `too-large`, and has the rows of before then.
   * @param columns the content of the first columns; what is in the others is left as it is
   */
  append(rows: number, columns: readonly ArrayBufferView[]): void {
    this.reserve(rows);
    for (let done = 0; done < rows;) {
      const place = this.#count % this.rowsPerChunk;
      const count = Math.min(rows - done, this.rowsPerChunk - place);
      const addresses = this.#chunks[Math.floor(this.#count / this.rowsPerChunk)] ?? [];
      columns.forEach(({ buffer, byteOffset }, column) => {
        const bytes = this.#rowBytes[column] ?? 0;
        const source = new Uint8Array(buffer, byteOffset + done * bytes, count * bytes);
        const address = (addresses[column] ?? 0) + place * bytes;
        this.#memory.bytes(address, source.length).set(source);
      });
      this.#count += count;
      done += count;
    }
  }

  /** Another place for a column; what was in it is lost. Throws `too-large`. */
  move(column: number): void {
    const bytes = (this.#rowBytes[column] ?? 0) * this.rowsPerChunk;
    this.#chunks = this.#chunks.map((columns) => columns.with(column, this.#memory.take(bytes)));
  }

  /** The chunks that have rows, in order. */
  *chunks(): Iterable<Chunk> {
    for (const [index, columns] of this.#chunks.entries()) {
      const first = index * this.rowsPerChunk;
      if (first >= this.#count) return;
      yield { first, count: Math.min(this.rowsPerChunk, this.#count - first), columns };
    }
  }
}
