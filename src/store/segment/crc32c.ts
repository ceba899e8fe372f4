/** CRC-32C (Castagnoli), which finds every error that a disk makes and costs little. */
import { createCRC32, type IHasher } from 'hash-wasm';

/** The reflected polynomial of RFC 3720. */
const POLYNOMIAL = 0x82_f6_3b_78;

export class Crc32c {
  readonly #hasher: IHasher;

  private constructor(hasher: IHasher) {
    this.#hasher = hasher;
  }

  static async create(): Promise<Crc32c> {
    return new Crc32c(await createCRC32(POLYNOMIAL));
  }

  /** Begins anew. */
  reset(): void {
    this.#hasher.init();
  }

  update(bytes: Uint8Array): void {
    this.#hasher.update(bytes);
  }

  /** Of what came since `reset`, which has to be called before the next `update`. */
  value(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#hasher.digest('binary');
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** Of `bytes` alone. */
  of(bytes: Uint8Array): number {
    this.reset();
    this.update(bytes);
    return this.value();
  }
}
