/** The key that encrypts a collection's data key: made of a passphrase, or handed in. */
import { PhotoglotError } from '../../errors';
import type { Encryption } from '../../protocol/encryption';
import { subtleCrypto } from './subtle-crypto';

/** How a wrapping key is made. */
export type KeyDerivation =
  | {
      readonly kind: 'pbkdf2-sha-256';
      readonly iterations: number;
      readonly salt: Uint8Array<ArrayBuffer>;
    }
  /** It is handed in. */
  | { readonly kind: 'key' };

/** OWASP Password Storage Cheat Sheet, for PBKDF2-HMAC-SHA-256. */
const ITERATIONS = 600_000;
/** What an altered record could make a tab wait for. */
const MAX_ITERATIONS = 50_000_000;
const SALT_BYTES = 16;

/** How the key of a new collection is to be made. Throws `invalid-input`. */
export function newDerivation(encryption: Encryption): KeyDerivation {
  checkEncryption(encryption);
  if (!('passphrase' in encryption)) return { kind: 'key' };
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return { kind: 'pbkdf2-sha-256', iterations: ITERATIONS, salt };
}

/**
 * The wrapping key, AES-GCM with 256 bits. Rejects with `wrong-key` when there is a key where a passphrase
 * is needed or the other way round, and with `invalid-input` for what is neither.
 */
export async function wrappingKey(
  derivation: KeyDerivation,
  encryption: Encryption,
): Promise<CryptoKey> {
  checkEncryption(encryption);
  if (derivation.kind === 'key') {
    if ('key' in encryption) return encryption.key;
    throw new PhotoglotError('wrong-key', 'The collection opens with a key, not a passphrase.');
  }
  if (!('passphrase' in encryption)) {
    throw new PhotoglotError('wrong-key', 'The collection opens with a passphrase, not a key.');
  }
  const { iterations, salt } = derivation;
  if (!(iterations <= MAX_ITERATIONS)) {
    throw new PhotoglotError('storage', `The record of the key is damaged: ${iterations} rounds.`);
  }
  const subtle = subtleCrypto();
  // Keyboards compose letters with accents in different ways.
  const text = new TextEncoder().encode(encryption.passphrase.normalize('NFC'));
  const material = await subtle.importKey('raw', text, 'PBKDF2', false, ['deriveKey']);
  return subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** Callers without types pass anything. */
function checkEncryption(encryption: unknown): asserts encryption is Encryption {
  if (typeof encryption === 'object' && encryption !== null) {
    const { passphrase, key } = encryption as { passphrase?: unknown; key?: unknown };
    if (typeof passphrase === 'string' && passphrase !== '' && key === undefined) return;
    if (key !== undefined && passphrase === undefined) {
      checkKey(key);
      return;
    }
  }
  throw new PhotoglotError(
    'invalid-input',
    'encryption must be { passphrase }, a string that is not empty, or { key }, a CryptoKey.',
  );
}

function checkKey(key: unknown): void {
  const isKey = typeof CryptoKey !== 'undefined' && key instanceof CryptoKey;
  if (!isKey) throw new PhotoglotError('invalid-input', 'encryption.key must be a CryptoKey.');
  const { name, length } = key.algorithm as Partial<AesKeyAlgorithm>;
  const isUsable = key.usages.includes('encrypt') && key.usages.includes('decrypt');
  if (name === 'AES-GCM' && length === 256 && isUsable) return;
  throw new PhotoglotError(
    'invalid-input',
    'encryption.key must be for AES-GCM with 256 bits, with the usages encrypt and decrypt; got ' +
      `${String(name)} with ${String(length)} bits, for ${key.usages.join(', ') || 'nothing'}.`,
  );
}
