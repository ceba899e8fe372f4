/** SHA-256 of a piece that is in memory, by the platform: off the thread, and faster than WASM. */
import { PhotoglotError } from '../errors';

/** Lower-case hex digest. Rejects with `integrity` where the platform offers none. */
export async function sha256OfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await requireSubtle().digest('SHA-256', bytes)));
}

/** Throws `integrity` outside secure contexts, where nothing can be verified. */
export function requireSubtle(): SubtleCrypto {
  // Absent there, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new PhotoglotError(
      'integrity',
      'Files cannot be verified here: SHA-256 needs a secure context (https or localhost).',
    );
  }
  return subtle;
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
