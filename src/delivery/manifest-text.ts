/** From the bytes of a manifest to its text, and back without loss: signatures are made over bytes. */
import { PhotoglotError } from '../errors';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Throws `integrity` for what is not JSON: a development server answers with its start page,
 * status 200, for files that are not there. Also for a byte order mark, which JSON must not have
 * (RFC 8259, 8.1); and decoding would lose it, and with it the bytes that were signed.
 */
export function manifestText(bytes: Uint8Array<ArrayBuffer>, url: string): string {
  if (BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte)) {
    const message = `${url} begins with a byte order mark, expected JSON. Save it as UTF-8 without one, and sign it again if it was signed.`;
    throw new PhotoglotError('integrity', message);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    JSON.parse(text);
    return text;
  } catch (thrown) {
    const message = `${url} is not JSON, expected a manifest. Is the model's folder served there?`;
    throw new PhotoglotError('integrity', message, { cause: thrown });
  }
}

/** The bytes that {@link manifestText} was given. */
export function manifestBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
