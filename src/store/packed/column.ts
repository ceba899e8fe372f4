/**
 * One top-level field of meta over all rows of a file: its distinct values, and for each row a code, 0
 * where the field is missing, else one more than the value's place. In the file:
 *
 * - **rows**: uint32, ascending, of those that have the field; only where few do (`isSparse`).
 * - **codes**: of these, or else of all rows, in 1, 2 or 4 bytes each (`width`).
 * - **values**: float64 where all of them are numbers, latitude and longitude as float64 where all are
 *   objects of these two, else JSON of an array (`form`).
 *
 * One behind the other without gaps, all little-endian. `column-directory.ts` says where a column lies.
 */
import type { MetaValue } from '../../protocol/store-contract';
import { damaged } from '../segment/segment-format';

/** How values are kept: numbers and places may be as many as rows, and take long to read as JSON. */
export const VALUE_FORMS = ['numbers', 'places', 'json'] as const;
export type ValueForm = (typeof VALUE_FORMS)[number];

export interface ColumnShape {
  readonly isSparse: boolean;
  readonly width: 1 | 2 | 4;
  readonly form: ValueForm;
  /** Rows that have the field. */
  readonly present: number;
  /** Distinct ones. */
  readonly values: number;
}

export type Codes = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** A column in memory. */
export interface Column {
  /** Per row. */
  readonly codes: Codes;
  /** Distinct values. */
  readonly values: number;
  /** @param place from 0 */
  readonly valueAt: (place: number) => MetaValue | undefined;
  /** Bytes of memory, roughly. */
  readonly bytes: number;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function widthFor(values: number): 1 | 2 | 4 {
  if (values < 2 ** 8) return 1;
  return values < 2 ** 16 ? 2 : 4;
}

/** @param from so many zeros, or bytes in a buffer of their own */
export function codesOf(width: 1 | 2 | 4, from: number | Uint8Array<ArrayBuffer>): Codes {
  const buffer = typeof from === 'number' ? new ArrayBuffer(width * from) : from.buffer;
  switch (width) {
    case 1:
      return new Uint8Array(buffer);
    case 2:
      return new Uint16Array(buffer);
    case 4:
      return new Uint32Array(buffer);
    default:
      return width satisfies never;
  }
}

/**
 * Throws `storage` for bytes that are no such column.
 * @param bytes whose checksum is right
 * @param rows of the file
 */
export function decodeColumn(bytes: Uint8Array, shape: ColumnShape, rows: number): Column {
  const { isSparse, width, present } = shape;
  const rowBytes = isSparse ? 4 * present : 0;
  const codeEnd = rowBytes + width * (isSparse ? present : rows);
  const stored = codesOf(width, bytes.slice(rowBytes, codeEnd));
  const codes = isSparse ? spread(stored, bytes.slice(0, rowBytes), rows) : stored;
  const values = decodeValues(bytes.subarray(codeEnd), shape);
  return { ...values, codes, bytes: codes.byteLength + values.bytes };
}

/** Codes of all rows from those of the rows that are there. */
function spread(stored: Codes, present: Uint8Array<ArrayBuffer>, rows: number): Codes {
  const codes = codesOf(stored.BYTES_PER_ELEMENT as 1 | 2 | 4, rows);
  new Uint32Array(present.buffer).forEach((row, place) => {
    codes[row] = stored[place] ?? 0;
  });
  return codes;
}

function decodeValues(bytes: Uint8Array, { form, values }: ColumnShape): Omit<Column, 'codes'> {
  switch (form) {
    case 'numbers': {
      const numbers = float64Of(bytes, values);
      return { values, bytes: bytes.length, valueAt: (place) => numbers[place] };
    }
    case 'places': {
      const numbers = float64Of(bytes, 2 * values);
      const valueAt = (place: number): MetaValue => ({
        lat: numbers[2 * place] ?? NaN,
        lon: numbers[2 * place + 1] ?? NaN,
      });
      return { values, bytes: bytes.length, valueAt };
    }
    case 'json': {
      const parsed = parseValues(bytes, values);
      // Text takes up to two bytes a character, and what stands for each value some more.
      const size = 2 * bytes.length + 24 * values;
      return { values, bytes: size, valueAt: (place) => parsed[place] };
    }
    default:
      return form satisfies never;
  }
}

function float64Of(bytes: Uint8Array, count: number): Float64Array {
  if (bytes.length !== 8 * count) throw damaged('a column has more or fewer values than it says');
  return new Float64Array(bytes.slice().buffer);
}

function parseValues(text: Uint8Array, count: number): MetaValue[] {
  let values: unknown;
  try {
    values = JSON.parse(decoder.decode(text));
  } catch {
    values = null;
  }
  if (Array.isArray(values) && values.length === count) return values as MetaValue[];
  throw damaged('the values of a column are no JSON');
}
