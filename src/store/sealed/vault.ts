/**
 * What an encrypted collection's values pass through on their way to the disk and back. A sealed value,
 * all little-endian:
 *
 * | byte | type     | what                                              |
 * |------|----------|---------------------------------------------------|
 * | 0    | uint32   | magic, the characters `PGSV`                      |
 * | 4    | uint32   | version of this layout: 1                         |
 * | 8    | 16 bytes | salt of its writer's key                          |
 * | 24   | message  | nonce, ciphertext, tag (message-key.ts)           |
 */
import { PhotoglotError } from '../../errors';
import { newSalt, SALT_BYTES, type DataKey } from './data-key';
import {
  MESSAGE_OVERHEAD,
  MessageWriter,
  readMessage,
  sealBroken,
  type Place,
} from './message-key';
import { subtleCrypto } from './subtle-crypto';

const MAGIC = 0x56_53_47_50;
const VERSION = 1;
const SALT_AT = 8;
const MESSAGE_AT = SALT_AT + SALT_BYTES;
/** What a sealed value is longer than what it holds. */
export const SEAL_OVERHEAD = MESSAGE_AT + MESSAGE_OVERHEAD;

/** This vault as a writer. */
interface Writer {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly messages: MessageWriter;
}

export class Vault {
  readonly data: DataKey;
  #writer: Promise<Writer> | null = null;
  #nameKey: Promise<CryptoKey> | null = null;

  constructor(data: DataKey) {
    this.data = data;
  }

  /** What can be kept at `place`, and opened from there only. */
  async seal(plain: BufferSource, place: Place): Promise<ArrayBuffer> {
    const { salt, messages } = await (this.#writer ??= dropped(this.#begin(), () => {
      this.#writer = null;
    }));
    const sealed = await messages.write(plain, place, MESSAGE_AT);
    const view = new DataView(sealed.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, VERSION, true);
    sealed.set(salt, SALT_AT);
    return sealed.buffer;
  }

  /**
   * The inverse of {@link seal}. Rejects with `storage` for what was altered, is of another place or
   * another collection, or was never sealed, and with `storage-version` for another layout.
   */
  async open(sealed: ArrayBuffer, place: Place): Promise<ArrayBuffer> {
    const view = new DataView(sealed);
    if (sealed.byteLength < MESSAGE_AT || view.getUint32(0, true) !== MAGIC) throw sealBroken();
    const version = view.getUint32(4, true);
    if (version !== VERSION) {
      throw new PhotoglotError(
        'storage-version',
        `An encrypted record has version ${version}; this release reads version ${VERSION}. ` +
          'Load the newest release of Photoglot.',
      );
    }
    const key = await this.data.cipherKey('records', new Uint8Array(sealed, SALT_AT, SALT_BYTES));
    return readMessage(key, new Uint8Array(sealed, MESSAGE_AT), place);
  }

  /** What stands for an id in a key: the same for the same id, and nothing without the data key. */
  async nameOf(id: string): Promise<string> {
    const key = await (this.#nameKey ??= dropped(this.data.nameKey(), () => {
      this.#nameKey = null;
    }));
    const digest = await subtleCrypto().sign('HMAC', key, new TextEncoder().encode(id));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );
  }

  async #begin(): Promise<Writer> {
    const salt = newSalt();
    return { salt, messages: new MessageWriter(await this.data.cipherKey('records', salt)) };
  }
}

/** Calls `drop` if the promise rejects: failures are not remembered. */
function dropped<Result>(promise: Promise<Result>, drop: () => void): Promise<Result> {
  promise.catch(drop);
  return promise;
}
