import { PhotoglotError } from '../../errors';

/** How much of a place, and of what was got, a message repeats. */
const SHOWN_PLACE = 200;
const SHOWN_VALUE = 60;

/** `place` is the path of the condition, such as `where.or[1].size.gt`. */
export function invalidWhere(place: string, expected: string, got: unknown): PhotoglotError {
  return new PhotoglotError(
    'invalid-input',
    `${shorten(place, SHOWN_PLACE)} must be ${expected}; got ${show(got)}.`,
  );
}

/** Also true for objects of another frame; not for arrays, dates, maps and the like. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function show(value: unknown): string {
  if (typeof value === 'string') return `"${shorten(value, SHOWN_VALUE)}"`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isPlainObject(value)) {
    const keys = shorten(Object.keys(value).join(', '), SHOWN_VALUE);
    return keys === '' ? 'an empty object' : `an object with ${keys}`;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.prototype.toString.call(value).slice(8, -1);
  }
  return String(value);
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
