/** Where the next page of a search begins, as a text that callers hand back as it is. */
import { PhotoglotError } from '../../errors';

/** What a cursor says. */
export interface Cursor {
  /** Of the ranking that it leads through. */
  readonly ranking: string;
  /** Of the query and all options that decide about the ranking. */
  readonly fingerprint: number;
  /** Of the collection when it was searched. */
  readonly state: string;
  /** Hits before the page. */
  readonly offset: number;
}

const VERSION = 1;

/** Letters, digits, `-` and `_`: it may stand in an address. */
export function encodeCursor({ ranking, fingerprint, state, offset }: Cursor): string {
  const bytes = new TextEncoder().encode(
    JSON.stringify([VERSION, ranking, fingerprint, state, offset]),
  );
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Throws `invalid-input` for what is no cursor of this release. */
export function decodeCursor(text: string): Cursor {
  const parts = partsOf(text);
  if (Array.isArray(parts) && parts.length === 5) {
    const [version, ranking, fingerprint, state, offset] = parts as unknown[];
    if (
      version === VERSION &&
      typeof ranking === 'string' &&
      typeof fingerprint === 'number' &&
      typeof state === 'string' &&
      Number.isSafeInteger(offset) &&
      (offset as number) >= 0
    ) {
      return { ranking, fingerprint, state, offset: offset as number };
    }
  }
  throw new PhotoglotError(
    'invalid-input',
    'The cursor must be the nextCursor of an earlier search, as it was.',
  );
}

function partsOf(text: string): unknown {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(
      new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))),
    );
  } catch {
    return null;
  }
}
