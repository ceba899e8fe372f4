/**
 * AES-256-GCM messages whose nonces never repeat under a key.
 *
 * Every writer (a collection that is open in a worker, a file that is being written) has a key of its own,
 * derived from the data key with a random salt of 128 bits, and numbers its messages: the deterministic
 * construction of NIST SP 800-38D, 8.2.1, with the one writer as its only context. So neither tabs nor
 * crashes have anything to agree on, and the limit of 2^32 messages for random nonces (8.3) does not apply.
 */
import { PhotoglotError } from '../../errors';
import { subtleCrypto } from './subtle-crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What a message is longer than what it holds. */
export const MESSAGE_OVERHEAD = NONCE_BYTES + TAG_BYTES;

/** Where a value is kept, such as object store, parts and number: what is sealed opens only there. */
export type Place = readonly (string | number)[];

/** Encrypts; no other may with the same key. */
export class MessageWriter {
  readonly #key: CryptoKey;
  #messages = 0n;

  constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** Nonce, ciphertext and tag, behind `start` bytes that are left free. */
  async write(plain: BufferSource, place: Place, start = 0): Promise<Uint8Array<ArrayBuffer>> {
    const iv = new Uint8Array(NONCE_BYTES);
    new DataView(iv.buffer).setBigUint64(NONCE_BYTES - 8, this.#messages++);
    const algorithm = { name: 'AES-GCM', iv, additionalData: placeBytes(place) };
    const sealed = new Uint8Array(await subtleCrypto().encrypt(algorithm, this.#key, plain));
    const message = new Uint8Array(start + NONCE_BYTES + sealed.length);
    message.set(iv, start);
    message.set(sealed, start + NONCE_BYTES);
    return message;
  }
}

/**
 * Decrypts a message. Rejects with `storage` when it was altered, is not from `place`, or is of another
 * key.
 */
export async function readMessage(
  key: CryptoKey,
  message: Uint8Array<ArrayBuffer>,
  place: Place,
): Promise<ArrayBuffer> {
  const iv = message.subarray(0, NONCE_BYTES);
  const algorithm = { name: 'AES-GCM', iv, additionalData: placeBytes(place) };
  try {
    return await subtleCrypto().decrypt(algorithm, key, message.subarray(NONCE_BYTES));
  } catch (thrown) {
    throw sealBroken(thrown);
  }
}

/** What was sealed cannot be opened any more. */
export function sealBroken(cause?: unknown): PhotoglotError {
  return new PhotoglotError(
    'storage',
    'An encrypted record or file is damaged: it was altered, cut off, or put in the place of another.',
    { cause },
  );
}

/** Additional authenticated data; two places never give the same. */
function placeBytes(place: Place): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(place));
}
