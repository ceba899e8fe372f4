/**
 * Reads exact numbers of bytes, or lines, from pieces of any size. What a file claims about its lengths
 * costs nothing: memory holds what has arrived, and at most one piece more than was asked for.
 */
import { importInvalid } from './import-error';

/** Bytes as they arrive. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  /** Arrived and not read; the first one from `#start`. */
  readonly #waiting: Uint8Array[] = [];
  #start = 0;
  #available = 0;
  #taken = 0;

  constructor(source: ByteSource) {
    this.#pieces =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** Bytes read so far. */
  get taken(): number {
    return this.#taken;
  }

  /** The next `length` bytes, in a buffer of their own. Throws `import-invalid` when there are fewer. */
  async read(length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.readUpTo(length);
    if (bytes.length === length) return bytes;
    throw importInvalid(
      `The file ends in ${what}, at byte ${this.#taken}: it is cut off, or not of this format.`,
    );
  }

  /** As many of the next `length` bytes as there are, in a buffer of their own. */
  async readUpTo(length: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#available < length && (await this.#more()));
    return this.#take(Math.min(length, this.#available));
  }

  /**
   * The bytes up to the next line feed, without it, or to the end of the file; null at its end. Throws
   * `import-invalid` for a line of more than `most` bytes.
   */
  async readLine(most: number): Promise<Uint8Array<ArrayBuffer> | null> {
    let searched = 0;
    for (let place = 0; ; place++) {
      while (place >= this.#waiting.length) {
        if (await this.#more()) continue;
        return this.#available === 0 ? null : this.#take(this.#available);
      }
      const piece = this.#waiting[place] ?? new Uint8Array(0);
      const start = place === 0 ? this.#start : 0;
      const end = piece.indexOf(0x0a, start);
      searched += (end < 0 ? piece.length : end) - start;
      if (searched > most) {
        throw importInvalid(`A line is longer than ${most} bytes, at byte ${this.#taken}.`);
      }
      if (end < 0) continue;
      const line = this.#take(searched);
      this.#take(1);
      return line;
    }
  }

  /** Lets the source go, also before its end. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  /** False at the end. */
  async #more(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    if (next.value.length > 0) {
      this.#waiting.push(next.value);
      this.#available += next.value.length;
    }
    return true;
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const [piece] = this.#waiting;
      if (piece === undefined) break;
      const part = piece.subarray(this.#start, this.#start + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#start += part.length;
      if (this.#start === piece.length) {
        this.#waiting.shift();
        this.#start = 0;
      }
    }
    this.#available -= length;
    this.#taken += length;
    return bytes;
  }
}
