import { PhotoglotError } from '../../errors';

/** WebCrypto; throws `backend-unavailable` where there is none. */
export function subtleCrypto(): SubtleCrypto {
  // Absent outside secure contexts, whatever the type says.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (subtle !== undefined) return subtle;
  throw new PhotoglotError(
    'backend-unavailable',
    'Encrypted collections need a secure context (https or localhost).',
  );
}
