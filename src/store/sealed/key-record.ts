/**
 * How a collection's data key is kept: encrypted by the key that its owner has. So the owner's can be
 * changed without rewriting the collection.
 */
import { PhotoglotError } from '../../errors';
import type { Encryption } from '../../protocol/encryption';
import { DataKey } from './data-key';
import { subtleCrypto } from './subtle-crypto';
import { newDerivation, wrappingKey, type KeyDerivation } from './wrapping-key';

/** Part of the collection's record. */
export interface KeyRecord {
  readonly version: 1;
  /** Of the data key; says nothing about it. It stays when the owner's key is changed. */
  readonly id: string;
  readonly derivation: KeyDerivation;
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** The data key, by AES-GCM. */
  readonly wrapped: ArrayBuffer;
}

/** What a collection is opened with. */
export interface CollectionKeys {
  /** Wraps the data key. */
  readonly owner: CryptoKey;
  readonly data: DataKey;
}

const VERSION = 1;
const DATA_KEY_BYTES = 32;
const NONCE_BYTES = 12;

/** A new data key. Rejects with `invalid-input`, or with `backend-unavailable` without WebCrypto. */
export async function createKeyRecord(
  encryption: Encryption,
): Promise<{ readonly record: KeyRecord; readonly keys: CollectionKeys }> {
  const bytes = crypto.getRandomValues(new Uint8Array(DATA_KEY_BYTES));
  const { record, owner } = await wrap(bytes, crypto.randomUUID(), encryption);
  return { record, keys: { owner, data: await dataKeyOf(bytes) } };
}

/** Rejects with `wrong-key`, `invalid-input`, or `storage-version` for a record of a newer release. */
export async function openKeyRecord(
  record: KeyRecord,
  encryption: Encryption,
): Promise<CollectionKeys> {
  checkVersion(record);
  const owner = await wrappingKey(record.derivation, encryption);
  return { owner, data: await reopenKeyRecord(record, owner) };
}

/** The data key, by the owner's key of {@link openKeyRecord}, which it rejects as. */
export async function reopenKeyRecord(record: KeyRecord, owner: CryptoKey): Promise<DataKey> {
  return dataKeyOf(await unwrap(record, owner));
}

/** The same data key under another key of the owner's. Rejects as {@link openKeyRecord} does. */
export async function rewrapKeyRecord(
  record: KeyRecord,
  from: Encryption,
  to: Encryption,
): Promise<KeyRecord> {
  checkVersion(record);
  const bytes = await unwrap(record, await wrappingKey(record.derivation, from));
  const { record: rewrapped } = await wrap(bytes, record.id, to);
  bytes.fill(0);
  return rewrapped;
}

async function dataKeyOf(bytes: Uint8Array<ArrayBuffer>): Promise<DataKey> {
  const key = await DataKey.of(bytes);
  bytes.fill(0);
  return key;
}

async function wrap(
  bytes: Uint8Array<ArrayBuffer>,
  id: string,
  encryption: Encryption,
): Promise<{ readonly record: KeyRecord; readonly owner: CryptoKey }> {
  const derivation = newDerivation(encryption);
  const owner = await wrappingKey(derivation, encryption);
  // Random: a key that is handed in may be in use elsewhere. It wraps a few keys, not 2^32 messages.
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const wrapped = await subtleCrypto().encrypt(algorithmOf(id, nonce), owner, bytes);
  return { record: { version: VERSION, id, derivation, nonce, wrapped }, owner };
}

async function unwrap(record: KeyRecord, owner: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  checkVersion(record);
  const { id, nonce, wrapped } = record;
  try {
    return new Uint8Array(await subtleCrypto().decrypt(algorithmOf(id, nonce), owner, wrapped));
  } catch (thrown) {
    throw new PhotoglotError(
      'wrong-key',
      'The passphrase or key is not that of the collection. Nothing was changed.',
      { cause: thrown },
    );
  }
}

function checkVersion({ version }: { readonly version: number }): void {
  if (version === VERSION) return;
  throw new PhotoglotError(
    'storage-version',
    `The collection is encrypted in version ${version}; this release knows version ${VERSION}. ` +
      'Load the newest release of Photoglot.',
  );
}

function algorithmOf(id: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams {
  const additionalData = new TextEncoder().encode(`photoglot 1 data key ${id}`);
  return { name: 'AES-GCM', iv, additionalData };
}
