/** SHA-256 by the platform, as far as it goes. */
import { PhotoglotError } from '../errors';

/** Bytes that every platform takes at once; Chromium refuses from about twice as many on. */
const MOST_AT_ONCE = 2 ** 30;
/** Bytes that are copied into WASM memory at a time. */
const PIECE = 2 ** 24;

/**
 * Lower-case hex digest. Throws `integrity` where the platform offers none.
 *
 * @param mostAtOnce larger files go piece by piece, which the platform's own cannot do
 */
export async function sha256(
  bytes: Uint8Array<ArrayBuffer>,
  mostAtOnce = MOST_AT_ONCE,
): Promise<string> {
  // Absent outside secure contexts, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new PhotoglotError(
      'integrity',
      'Files cannot be verified here: SHA-256 needs a secure context (https or localhost).',
    );
  }
  if (bytes.length > mostAtOnce) return pieceByPiece(bytes);
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function pieceByPiece(bytes: Uint8Array): Promise<string> {
  const { createSHA256 } = await import('hash-wasm');
  const hasher = await createSHA256();
  for (let start = 0; start < bytes.length; start += PIECE) {
    hasher.update(bytes.subarray(start, start + PIECE));
  }
  return hasher.digest('hex');
}
