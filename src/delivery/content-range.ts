/** What a server says it sends: the header of answers 206 and 416. */

/** `start` and `end` are null in an answer 416; `total` is null where the server does not tell. */
export interface ContentRange {
  /** First byte. */
  readonly start: number | null;
  /** Behind the last byte. */
  readonly end: number | null;
  /** Bytes of the whole file. */
  readonly total: number | null;
}

const PATTERN = /^\s*bytes\s+(?:(\d+)-(\d+)|\*)\/(\d+|\*)\s*$/i;

/** Null where the header is missing, hidden by CORS, or not of this form. */
export function parseContentRange(header: string | null): ContentRange | null {
  const match = PATTERN.exec(header ?? '');
  if (match === null) return null;
  const start = wholeNumber(match[1]);
  const last = wholeNumber(match[2]);
  if (start !== null && last !== null && start > last) return null;
  return { start, end: last === null ? null : last + 1, total: wholeNumber(match[3]) };
}

/** Null for what is no whole number that can be counted with. */
export function wholeNumber(text: string | null | undefined): number | null {
  const value = /^\s*\d+\s*$/.test(text ?? '') ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : null;
}
