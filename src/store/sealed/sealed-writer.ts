/** Writes a file in encrypted pages (sealed-file-format.ts). */
import type { WritableFile } from '../segment/segment-file';
import { newSalt, type DataKey } from './data-key';
import { MessageWriter } from './message-key';
import {
  encodeSealedHeader,
  PAGE_BYTES,
  pageStart,
  placeOf,
  SIZE_BYTES,
} from './sealed-file-format';

/** A page that is not full yet. */
interface OpenPage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  filled: number;
}

export class SealedWriter implements WritableFile {
  readonly #file: WritableFile;
  readonly #name: string;
  readonly #salt: Uint8Array<ArrayBuffer>;
  readonly #messages: MessageWriter;
  readonly #open = new Map<number, OpenPage>();
  readonly #sealed = new Set<number>();
  #size = 0;

  private constructor(
    file: WritableFile,
    name: string,
    salt: Uint8Array<ArrayBuffer>,
    key: CryptoKey,
  ) {
    this.#file = file;
    this.#name = name;
    this.#salt = salt;
    this.#messages = new MessageWriter(key);
  }

  /** @param file an empty one, which is closed with this one */
  static async of(file: WritableFile, name: string, data: DataKey): Promise<SealedWriter> {
    const salt = newSalt();
    return new SealedWriter(file, name, salt, await data.cipherKey('file', salt));
  }

  /** No byte may be written twice: a page is sealed when it is full. */
  async write(at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const full: Promise<void>[] = [];
    for (let done = 0; done < bytes.length;) {
      const page = Math.floor((at + done) / PAGE_BYTES);
      const offset = at + done - page * PAGE_BYTES;
      const piece = bytes.subarray(done, done + PAGE_BYTES - offset);
      const open = this.#page(page);
      open.bytes.set(piece, offset);
      open.filled += piece.length;
      if (open.filled === PAGE_BYTES) full.push(this.#seal(page, PAGE_BYTES));
      done += piece.length;
    }
    this.#size = Math.max(this.#size, at + bytes.length);
    await Promise.all(full);
  }

  flush(): void {
    // Nothing can be read of it before the header is there, which comes last.
  }

  async finish(): Promise<void> {
    const last = Math.ceil(this.#size / PAGE_BYTES) - 1;
    const lengthOf = (page: number): number =>
      page === last ? this.#size - page * PAGE_BYTES : PAGE_BYTES;
    await Promise.all([...this.#open.keys()].map((page) => this.#seal(page, lengthOf(page))));
    await this.#file.flush();
    const size = new DataView(new ArrayBuffer(SIZE_BYTES));
    size.setBigUint64(0, BigInt(this.#size), true);
    const message = await this.#messages.write(size, placeOf(this.#name, 'size'));
    await this.#file.write(0, encodeSealedHeader(this.#salt, message));
    await this.#file.finish();
  }

  close(): void {
    this.#file.close();
  }

  #page(page: number): OpenPage {
    const open = this.#open.get(page) ?? { bytes: new Uint8Array(PAGE_BYTES), filled: 0 };
    if (this.#sealed.has(page)) throw new Error(`Page ${page} was written already.`);
    this.#open.set(page, open);
    return open;
  }

  async #seal(page: number, length: number): Promise<void> {
    const open = this.#open.get(page);
    if (open === undefined) return;
    this.#open.delete(page);
    this.#sealed.add(page);
    const place = placeOf(this.#name, page);
    await this.#file.write(
      pageStart(page),
      await this.#messages.write(open.bytes.subarray(0, length), place),
    );
  }
}
