/**
 * Detached Ed25519 signatures of manifests. `manifest.json.sig` lies beside `manifest.json` and holds
 * base64 of 64 bytes, made over the manifest's exact bytes as they are served. As a manifest has
 * the digests of all files, its signature vouches for the whole model. WebCrypto only, so that
 * workers and Node run the same code.
 */
import { decodeBase64 } from '../core/base64';
import { PhotoglotError } from '../errors';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const ED25519 = { name: 'Ed25519' } as const;
const SIGN_AGAIN = 'Sign the manifest with "npx photoglot sign", and serve both files as they are.';

/**
 * Whether the signature is that of these bytes by the owner of the key.
 *
 * Rejects with `invalid-input` for a key that is none, and with `signature-invalid` for a
 * signature that is none or a platform that cannot tell.
 *
 * @param bytes of `manifest.json`, as served
 * @param signature text of `manifest.json.sig`: base64 of 64 bytes; white space around it is no matter
 * @param publicKey base64 of 32 bytes, as `npx photoglot keygen` prints it
 */
export async function verifyManifestSignature(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string,
  publicKey: string,
): Promise<boolean> {
  const rawKey = decodeKey(publicKey);
  const rawSignature = decodeExactly(signature.trim(), SIGNATURE_BYTES);
  if (rawSignature === null) {
    throw new PhotoglotError(
      'signature-invalid',
      `The manifest's signature is malformed: got ${shown(signature)}, expected base64 of ` +
        `${String(SIGNATURE_BYTES)} bytes. Is manifest.json.sig served? ${SIGN_AGAIN}`,
    );
  }
  const subtle = platformCrypto();
  const key = await importKey(subtle, rawKey);
  return subtle.verify(ED25519, key, rawSignature, bytes);
}

/**
 * As {@link verifyManifestSignature}, but everything except a right signature is an error:
 * `signature-invalid` also for none (null) and for a wrong one.
 */
export async function requireManifestSignature(
  bytes: Uint8Array<ArrayBuffer>,
  signature: string | null,
  publicKey: string,
): Promise<void> {
  if (signature === null) {
    // A wrong key is the caller's fault, signed or not.
    decodeKey(publicKey);
    throw new PhotoglotError(
      'signature-invalid',
      'The manifest is not signed: there is no manifest.json.sig, and a public key was given. ' +
        SIGN_AGAIN,
    );
  }
  if (await verifyManifestSignature(bytes, signature, publicKey)) return;
  throw new PhotoglotError(
    'signature-invalid',
    'The signature is not that of this manifest by this key: the manifest was altered after it ' +
      `was signed, or it was signed with another key than ${publicKey.trim()}. ${SIGN_AGAIN}`,
  );
}

function decodeKey(publicKey: string): Uint8Array<ArrayBuffer> {
  const raw = decodeExactly(publicKey.trim(), KEY_BYTES);
  if (raw !== null) return raw;
  throw new PhotoglotError(
    'invalid-input',
    `The public key is malformed: got ${shown(publicKey)}, expected base64 of ${String(KEY_BYTES)} ` +
      'bytes, 44 characters. "npx photoglot keygen" prints such a key.',
  );
}

/** Null where it is not base64 of so many bytes: `atob` alone would let white space and more pass. */
function decodeExactly(text: string, length: number): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const bytes = decodeBase64(text);
  return bytes.length === length ? bytes : null;
}

function platformCrypto(): SubtleCrypto {
  // Absent outside secure contexts, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle !== undefined) return subtle;
  throw new PhotoglotError(
    'signature-invalid',
    'Signatures cannot be checked here: that needs a secure context (https or localhost).',
  );
}

async function importKey(subtle: SubtleCrypto, raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await subtle.importKey('raw', raw, ED25519, false, ['verify']);
  } catch (thrown) {
    throw importError(thrown);
  }
}

function importError(thrown: unknown): PhotoglotError {
  if (thrown instanceof Error && thrown.name === 'DataError') {
    const message = 'The public key is no Ed25519 key. "npx photoglot keygen" prints such a key.';
    return new PhotoglotError('invalid-input', message, { cause: thrown });
  }
  return new PhotoglotError(
    'signature-invalid',
    'Signatures cannot be checked here: this platform has no Ed25519. Update the browser; ' +
      'what cannot be checked is not used.',
    { cause: thrown },
  );
}

/** As much of a value as helps to recognise it. */
function shown(text: string): string {
  const start = text.trim().slice(0, 24);
  return `${String(text.trim().length)} characters beginning with ${JSON.stringify(start)}`;
}
