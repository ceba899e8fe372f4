/** SHA-256 of a file and of its chunks, while the bytes pass by: memory does not grow with the file. */
import { createHash } from 'node:crypto';

/** Bytes that are kept of the start, to recognise what was served in place of a file. */
const HEAD_BYTES = 256;

/**
 * @typedef {{
 *   readonly size: number, readonly sha256: string, readonly chunks: readonly string[],
 *   readonly head: Buffer,
 * }} Digests `chunks` are of consecutive pieces, the last may be shorter; none of an empty file
 */

export class FileDigester {
  #whole = createHash('sha256');
  #chunk = createHash('sha256');
  /** @type {string[]} */
  #chunks = [];
  #head = Buffer.alloc(0);
  #size = 0;
  #chunkSize;

  /** @param {number} chunkSize bytes */
  constructor(chunkSize) {
    this.#chunkSize = chunkSize;
  }

  /** @param {Uint8Array} bytes the next ones */
  update(bytes) {
    this.#whole.update(bytes);
    if (this.#head.length < HEAD_BYTES) {
      const more = bytes.subarray(0, HEAD_BYTES - this.#head.length);
      this.#head = Buffer.concat([this.#head, more]);
    }
    for (let start = 0; start < bytes.length;) {
      const room = this.#chunkSize - (this.#size % this.#chunkSize);
      const piece = bytes.subarray(start, start + room);
      this.#chunk.update(piece);
      this.#size += piece.length;
      start += piece.length;
      if (this.#size % this.#chunkSize === 0) this.#endChunk();
    }
  }

  /** @param {AsyncIterable<Uint8Array>} stream */
  async read(stream) {
    for await (const bytes of stream) this.update(bytes);
  }

  /** To be called once, at the end. @returns {Digests} */
  finish() {
    if (this.#size % this.#chunkSize !== 0) this.#endChunk();
    return {
      size: this.#size,
      sha256: this.#whole.digest('hex'),
      chunks: this.#chunks,
      head: this.#head,
    };
  }

  #endChunk() {
    this.#chunks.push(this.#chunk.digest('hex'));
    this.#chunk = createHash('sha256');
  }
}
