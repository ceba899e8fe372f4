/** A row of vectors made elsewhere: from what a file says to what can be added. */
import { checkFields, checkMeta } from '../core/check-meta';
import { unitVector } from '../core/query';
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { Meta, TextFields } from '../protocol/store-contract';
import { isObject } from './check-record';

/** A row that can be added. */
export interface VectorRow {
  /** Null: to be made of its vector. */
  readonly id: string | null;
  /** Of length 1. */
  readonly vector: Float32Array<ArrayBuffer>;
  readonly meta: Meta;
  readonly fields: TextFields;
  readonly rough: boolean;
}

/** What a row came to; `row` counts from 0. */
export type ParsedRow =
  | { readonly row: number; readonly ok: true; readonly value: VectorRow }
  | {
      readonly row: number;
      readonly ok: false;
      readonly id: string | null;
      readonly error: PhotoglotError;
    };

/** Other programs' names for the same things. */
const VECTOR_NAMES = ['vector', 'values', 'embedding'] as const;
const META_NAMES = ['meta', 'metadata'] as const;
const OWN_NAMES: ReadonlySet<string> = new Set([
  'id',
  'text',
  'fields',
  'rough',
  ...VECTOR_NAMES,
  ...META_NAMES,
]);

/** Never throws: what is wrong with a row is its own. */
export function parseRow(row: number, read: () => unknown, dimension: number): ParsedRow {
  let id: string | null = null;
  try {
    const object = read();
    if (!isObject(object)) throw invalid('A row must be an object.');
    id = idOf(object);
    return { row, ok: true, value: { id, ...valuesOf(object, dimension) } };
  } catch (thrown) {
    return { row, ok: false, id, error: toPhotoglotError(thrown, 'invalid-input') };
  }
}

/**
 * The names that are known are taken for what they say, and all others for meta: a column of its own is
 * how tables keep it.
 */
function valuesOf(
  object: Readonly<Record<string, unknown>>,
  dimension: number,
): Omit<VectorRow, 'id'> {
  const name = VECTOR_NAMES.find((candidate) => object[candidate] !== undefined);
  if (name === undefined)
    throw invalid(`A row needs a vector, as one of ${VECTOR_NAMES.join(', ')}.`);
  const others = Object.entries(object).filter(([key]) => !OWN_NAMES.has(key));
  const given = META_NAMES.map((candidate) => jsonObject(object[candidate], candidate));
  const meta = Object.assign({}, Object.fromEntries(others.map(plainEntry)), ...given) as Meta;
  const { text } = object;
  const fields = {
    ...(typeof text === 'string' ? { text } : {}),
    ...jsonObject(object.fields, 'fields'),
  } as TextFields;
  checkMeta(meta);
  checkFields(fields);
  const vector = unitVector(toFloat32(object[name]), dimension);
  return { vector, meta, fields, rough: object.rough === true };
}

/** Numbers are ids in many tables. */
function idOf({ id }: Readonly<Record<string, unknown>>): string | null {
  if (id === undefined || id === null) return null;
  if (typeof id === 'bigint' || (typeof id === 'number' && Number.isSafeInteger(id)))
    return `${id}`;
  if (typeof id === 'string' && id !== '') return id;
  throw invalid('An id must be a whole number, or a string that is not empty.');
}

/** An object, or JSON of one, as tables have it. Nothing counts as empty. */
function jsonObject(value: unknown, name: string): object {
  if (value === undefined || value === null) return {};
  let parsed: unknown = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value) as unknown;
    } catch (thrown) {
      const message = `${name} must be an object, or JSON of one; got "${value.slice(0, 40)}".`;
      throw new PhotoglotError('invalid-input', message, { cause: thrown });
    }
  }
  if (!isObject(parsed)) throw invalid(`${name} must be an object, or JSON of one.`);
  return Object.fromEntries(Object.entries(parsed).map(plainEntry));
}

/** What only tables know, in the types of JSON; what has none is refused by `checkMeta`. */
function plainEntry([key, value]: readonly [string, unknown]): [string, unknown] {
  return [key, plainValue(value)];
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : `${value}`;
  }
  if (value instanceof Date) return value.toISOString();
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plainValue);
  if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(plainEntry));
  }
  return value;
}

function toFloat32(value: unknown): unknown {
  if (value instanceof Float32Array || value instanceof Float64Array)
    return Float32Array.from(value);
  if (!Array.isArray(value)) throw invalid('A vector must be a list of numbers.');
  if (!value.every((number) => typeof number === 'number')) {
    throw invalid('A vector must be a list of numbers; one of them is none.');
  }
  return Float32Array.from(value);
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
