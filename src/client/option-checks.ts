/** What the options of public functions have in common: one form of complaint. */
import { PhotoglotError } from '../errors';

/** Throws `invalid-input` unless `holds`. */
export function expectThat(holds: boolean, option: string, expected: string, got: unknown): void {
  if (holds) return;
  const shown = typeof got === 'string' ? `"${got}"` : typeof got;
  const message = `The option "${option}" must be ${expected}; got ${shown}.`;
  throw new PhotoglotError('invalid-input', message);
}

/** The address of a folder, with or without the slash at its end, relative to the page. */
export function folderUrl(option: string, value: string | URL): URL {
  const base = document.baseURI;
  const isAddress = typeof value === 'string' || (value as unknown) instanceof URL;
  expectThat(isAddress, option, 'the URL of a folder', value);
  const url = URL.canParse(value, base) ? new URL(value, base) : null;
  // `mini:2` is a URL as well, but one that nothing can be relative to.
  if (url === null || !URL.canParse('.', url)) {
    const message = `The option "${option}" must be the URL of a folder; got ${String(value)}.`;
    throw new PhotoglotError('invalid-input', message);
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

export function isStringOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

export function isFunctionOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

export function isSignalOrAbsent(value: unknown): boolean {
  return value === undefined || value instanceof AbortSignal;
}
