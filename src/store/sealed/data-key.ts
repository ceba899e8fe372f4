/**
 * The data key of a collection, 256 random bits. It encrypts nothing itself: the keys that do are derived
 * from it, one per writer and purpose (HKDF-SHA-256, RFC 5869).
 */
import { subtleCrypto } from './subtle-crypto';

export const SALT_BYTES = 16;
/** Keys of writers that wrote what is read; each costs some 0.1 ms. */
const MAX_KEPT = 256;

/** What a key encrypts. */
type Purpose = 'records' | 'file';

export class DataKey {
  readonly #root: CryptoKey;
  readonly #kept = new Map<string, Promise<CryptoKey>>();

  private constructor(root: CryptoKey) {
    this.#root = root;
  }

  /** @param bytes 32 of them, of which no copy is kept */
  static async of(bytes: BufferSource): Promise<DataKey> {
    return new DataKey(await subtleCrypto().importKey('raw', bytes, 'HKDF', false, ['deriveKey']));
  }

  /** The key of the writer with that salt, AES-GCM. */
  cipherKey(purpose: Purpose, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
    const name = `${purpose} ${salt.join()}`;
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const derived = this.#derive(purpose, salt, { name: 'AES-GCM', length: 256 }, [
      'encrypt',
      'decrypt',
    ]);
    this.#kept.set(name, derived);
    derived.catch(() => this.#kept.delete(name));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return derived;
  }

  /** The key that names are hidden with, HMAC-SHA-256. */
  nameKey(): Promise<CryptoKey> {
    const algorithm = { name: 'HMAC', hash: 'SHA-256', length: 256 };
    return this.#derive('names', new Uint8Array(0), algorithm, ['sign']);
  }

  #derive(
    purpose: string,
    salt: Uint8Array<ArrayBuffer>,
    algorithm: AesKeyGenParams | HmacKeyGenParams,
    usages: KeyUsage[],
  ): Promise<CryptoKey> {
    const info = new TextEncoder().encode(`photoglot 1 ${purpose}`);
    const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info };
    return subtleCrypto().deriveKey(derivation, this.#root, algorithm, false, usages);
  }
}

/** For a new writer. */
export function newSalt(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES));
}
