/** SHA-256 by the platform. */
import { PhotoglotError } from '../errors';

/** Lower-case hex digest. Throws `integrity` where the platform offers none. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Absent outside secure contexts, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle === undefined) {
    throw new PhotoglotError(
      'integrity',
      'Files cannot be verified here: SHA-256 needs a secure context (https or localhost).',
    );
  }
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
