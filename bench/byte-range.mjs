/** Which bytes of a file a request asks for. */

/**
 * The one range of a `Range` header, first and last byte. Null for the whole file: without a
 * header, and with one that this server need not understand (of a suffix, of several, malformed).
 * `beyond` when it begins behind the end of the file.
 *
 * @param {string | undefined} header @param {number} size
 * @returns {{ readonly start: number, readonly end: number } | 'beyond' | null}
 */
export function byteRange(header, size) {
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '') return null;
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < start) return null;
  return start < size ? { start, end: Math.min(end, size - 1) } : 'beyond';
}
