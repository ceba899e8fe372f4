/** Checks of what callers attach to items: it has to survive storage and be what `where` expects. */
import { PhotoglotError } from '../errors';

/** Deep enough for any data; ends the search in an object that contains itself. */
const MAX_DEPTH = 32;

/** Throws `invalid-input` unless `meta` is an object of JSON-like values. */
export function checkMeta(meta: unknown): void {
  if (!isPlainObject(meta)) throw invalid(`meta must be a plain object; got ${kindOf(meta)}.`);
  checkValue(meta, 'meta', 0);
}

/** Throws `invalid-input` unless `fields` is an object of strings. */
export function checkFields(fields: unknown): void {
  if (!isPlainObject(fields)) {
    throw invalid(`fields must be a plain object; got ${kindOf(fields)}.`);
  }
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string') {
      throw invalid(`fields.${name} must be a string; got ${kindOf(value)}.`);
    }
  }
}

function checkValue(value: unknown, place: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (depth > MAX_DEPTH) throw invalid(`${place} is nested too deep, or contains itself.`);
  if (!Array.isArray(value) && !isPlainObject(value)) {
    throw invalid(
      `${place} must be a string, finite number, boolean, null, array or plain object; ` +
        `got ${kindOf(value)}.`,
    );
  }
  for (const [key, inner] of Object.entries(value)) {
    checkValue(inner, `${place}.${key}`, depth + 1);
  }
}

/** Objects of another frame are plain too. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]' && !isInstance(value);
}

function isInstance(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object') return typeof value;
  return Object.prototype.toString.call(value).slice(8, -1);
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
