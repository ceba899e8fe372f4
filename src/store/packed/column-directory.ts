/** Says which columns a file has, and where: JSON, read when the file is opened. */
import { damaged } from '../segment/segment-format';
import { VALUE_FORMS, type ColumnShape } from './column';

/** A column's place in the section of columns. */
export interface ColumnPlace extends ColumnShape {
  readonly at: number;
  readonly bytes: number;
  /** CRC-32C. */
  readonly checksum: number;
}

export interface ColumnDirectory {
  /** By field; null for one whose values would take too much room: rows have to be asked. */
  readonly columns: ReadonlyMap<string, ColumnPlace | null>;
  /** Whether fields that are not in it are in no row. */
  readonly isComplete: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeDirectory({ columns, isComplete }: ColumnDirectory): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify({ columns: [...columns], isComplete }));
}

/** Throws `storage`. */
export function decodeDirectory(bytes: Uint8Array): ColumnDirectory {
  let directory: unknown;
  try {
    directory = JSON.parse(decoder.decode(bytes));
  } catch {
    directory = null;
  }
  if (!isDirectory(directory)) throw damaged('it does not say which columns it has');
  return { columns: new Map(directory.columns), isComplete: directory.isComplete };
}

interface StoredDirectory {
  readonly columns: readonly (readonly [string, ColumnPlace | null])[];
  readonly isComplete: boolean;
}

function isDirectory(value: unknown): value is StoredDirectory {
  if (!isObject(value)) return false;
  const { columns, isComplete } = value;
  return (
    typeof isComplete === 'boolean' &&
    Array.isArray(columns) &&
    columns.every(
      (entry: unknown) =>
        Array.isArray(entry) &&
        entry.length === 2 &&
        typeof entry[0] === 'string' &&
        (entry[1] === null || isPlace(entry[1])),
    )
  );
}

function isPlace(value: unknown): value is ColumnPlace {
  if (!isObject(value)) return false;
  const { isSparse, width, form, ...numbers } = value;
  return (
    typeof isSparse === 'boolean' &&
    VALUE_FORMS.some((each) => each === form) &&
    (width === 1 || width === 2 || width === 4) &&
    ['present', 'values', 'at', 'bytes', 'checksum'].every((name) => isCount(numbers[name]))
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
