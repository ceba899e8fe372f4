/** CRC-32C (Castagnoli), which finds every error that a disk makes and costs little. */
import { createCRC32, type IHasher } from 'hash-wasm';

/** The reflected polynomial of RFC 3720. */
const POLYNOMIAL = 0x82_f6_3b_78;

/**
 * One for all: each would be a WASM instance, whose memory takes gigabytes of address space until it is
 * collected, and a file needs a checksum for each of its sections.
 */
let hasher: Promise<IHasher> | null = null;
/** How far a checksum is. */
interface Progress {
  /** Null when it is in the hasher, or there is none. */
  saved: Uint8Array | null;
}

/** What the hasher is at; the others have their states saved. */
let active: Progress | null = null;

export class Crc32c {
  readonly #hasher: IHasher;
  readonly #progress: Progress = { saved: null };

  private constructor(shared: IHasher) {
    this.#hasher = shared;
  }

  static async create(): Promise<Crc32c> {
    hasher ??= createCRC32(POLYNOMIAL).catch((thrown: unknown) => {
      hasher = null;
      throw thrown;
    });
    return new Crc32c(await hasher);
  }

  /** Begins anew. */
  reset(): void {
    this.#resume();
    this.#hasher.init();
  }

  update(bytes: Uint8Array): void {
    this.#resume();
    this.#hasher.update(bytes);
  }

  /** Of what came since `reset`, which has to be called before the next `update`. */
  value(): number {
    this.#resume();
    const [a = 0, b = 0, c = 0, d = 0] = this.#hasher.digest('binary');
    active = null;
    return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  }

  /** Of `bytes` alone. */
  of(bytes: Uint8Array): number {
    this.reset();
    this.update(bytes);
    return this.value();
  }

  #resume(): void {
    if (active === this.#progress) return;
    if (active !== null) active.saved = this.#hasher.save();
    active = this.#progress;
    if (active.saved !== null) this.#hasher.load(active.saved);
    active.saved = null;
  }
}
