/** The checksums of a portable file. */
import { createCRC32, createSHA256, type IHasher } from 'hash-wasm';

/** The polynomial of CRC-32C (Castagnoli), reversed. */
const CASTAGNOLI = 0x82f63b78;

export class Checksums {
  readonly #crc: IHasher;
  readonly #sha: IHasher;

  private constructor(crc: IHasher, sha: IHasher) {
    this.#crc = crc;
    this.#sha = sha;
  }

  static async create(): Promise<Checksums> {
    return new Checksums(await createCRC32(CASTAGNOLI), await createSHA256());
  }

  /** CRC-32C of the parts, one behind the other, as it is written: little-endian. */
  crc(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
    this.#crc.init();
    for (const part of parts) this.#crc.update(part);
    // The library's digest is big-endian.
    return Uint8Array.from(this.#crc.digest('binary')).reverse();
  }

  /** Adds to what {@link Checksums.sha256} is of. */
  add(...parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#sha.update(part);
  }

  /** SHA-256 of all that was added, which ends it. */
  sha256(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#sha.digest('binary'));
  }
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
