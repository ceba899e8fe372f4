/** A file that is only to be had as a Blob: without sync access handles, or in IndexedDB. */
import { readPiece } from '../../core/read-piece';
import { damaged } from './segment-format';
import type { ReadableFile } from './segment-file';

export class BlobFile implements ReadableFile {
  readonly #blob: Blob;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  get size(): number {
    return this.#blob.size;
  }

  async read(at: number, into: Uint8Array<ArrayBuffer>): Promise<void> {
    const end = at + into.length;
    if (end > this.size) throw damaged(`it ends before byte ${end}`);
    let bytes: ArrayBuffer;
    try {
      bytes = await readPiece(this.#blob.slice(at, end));
    } catch (thrown) {
      throw damaged(`its bytes cannot be read (${String(thrown)})`);
    }
    if (bytes.byteLength !== into.length) throw damaged(`it ends before byte ${end}`);
    into.set(new Uint8Array(bytes));
  }

  close(): void {
    // A Blob has nothing to close.
  }
}
