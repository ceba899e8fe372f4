/** Reads a file in encrypted pages (sealed-file-format.ts): only those that are asked for. */
import type { ReadableFile } from '../segment/segment-file';
import type { DataKey } from './data-key';
import { MESSAGE_OVERHEAD, readMessage, sealBroken } from './message-key';
import {
  HEADER_BYTES,
  PAGE_BYTES,
  pageStart,
  parseSealedHeader,
  placeOf,
  sealedSize,
} from './sealed-file-format';

export class SealedReader implements ReadableFile {
  /** In plain. */
  readonly size: number;
  readonly #file: ReadableFile;
  readonly #name: string;
  readonly #key: CryptoKey;

  private constructor(file: ReadableFile, name: string, key: CryptoKey, size: number) {
    this.#file = file;
    this.#name = name;
    this.#key = key;
    this.size = size;
  }

  /**
   * Rejects with `storage` for a file that is damaged, cut off, has another name, or is of another
   * collection, and with `storage-version`. `file` is closed with this one; on rejection it stays open.
   */
  static async open(file: ReadableFile, name: string, data: DataKey): Promise<SealedReader> {
    const header = new Uint8Array(Math.min(HEADER_BYTES, file.size));
    await file.read(0, header);
    const { salt, size: message } = parseSealedHeader(header);
    const key = await data.cipherKey('file', salt);
    const bytes = new DataView(await readMessage(key, message, placeOf(name, 'size')));
    const size = Number(bytes.getBigUint64(0, true));
    if (file.size !== sealedSize(size)) throw sealBroken();
    return new SealedReader(file, name, key, size);
  }

  async read(at: number, into: Uint8Array<ArrayBuffer>): Promise<void> {
    const end = at + into.length;
    if (end > this.size) throw sealBroken();
    if (into.length === 0) return;
    const [first, last] = [Math.floor(at / PAGE_BYTES), Math.floor((end - 1) / PAGE_BYTES)];
    const start = pageStart(first);
    const lastBytes = Math.min(PAGE_BYTES, this.size - last * PAGE_BYTES) + MESSAGE_OVERHEAD;
    const sealed = new Uint8Array(pageStart(last) + lastBytes - start);
    const reading = this.#file.read(start, sealed);
    if (reading !== undefined) await reading;
    // All at once: they are decrypted on threads of the browser.
    await Promise.all(
      Array.from({ length: last - first + 1 }, async (_, index) => {
        const page = first + index;
        const message = sealed.subarray(pageStart(page) - start, pageStart(page + 1) - start);
        const plain = new Uint8Array(
          await readMessage(this.#key, message, placeOf(this.#name, page)),
        );
        const offset = page * PAGE_BYTES - at;
        const from = Math.max(0, -offset);
        into.set(plain.subarray(from, end - page * PAGE_BYTES), Math.max(0, offset));
      }),
    );
  }

  close(): void {
    this.#file.close();
  }
}
