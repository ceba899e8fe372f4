/** Items and vectors from outside: whatever a file says, only what a collection can hold gets in. */
import { checkFields, checkMeta } from '../core/check-meta';
import { lengthOf } from '../core/normalise';
import { isPhotoglotError } from '../errors';
import type { ItemRecord, Meta, TextFields } from '../protocol/store-contract';
import { importInvalid } from './import-error';

/** As of `store/check-input.ts`. */
const UNIT_TOLERANCE = 1e-3;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An item as it is stored. Throws `import-invalid`, which says that it is item number `row`. */
export function checkRecord(value: unknown, row: number): ItemRecord {
  if (!isObject(value)) throw importInvalid(`Item ${row} is no object.`);
  const { id, meta, fields, rough } = value;
  if (typeof id !== 'string' || id === '') {
    throw importInvalid(`The id of item ${row} is no string, or empty.`);
  }
  if (rough !== undefined && rough !== true) {
    throw importInvalid(`The mark "rough" of item ${row} is neither true nor absent.`);
  }
  try {
    checkMeta(meta);
    checkFields(fields);
  } catch (thrown) {
    if (!isPhotoglotError(thrown)) throw thrown;
    throw importInvalid(`Item ${row} has values that no item can have: ${thrown.message}`, thrown);
  }
  const record = { id, meta: meta as Meta, fields: fields as TextFields };
  return rough === true ? { ...record, rough } : record;
}

/** Throws `import-invalid` unless each of the rows, numbered from `first`, has length 1. */
export function checkUnitRows(vectors: Float32Array, dimension: number, first: number): void {
  for (let start = 0; start < vectors.length; start += dimension) {
    const length = lengthOf(vectors.subarray(start, start + dimension));
    if (Math.abs(length - 1) < UNIT_TOLERANCE) continue;
    throw importInvalid(
      `The vector of item ${first + start / dimension} has length ${length} instead of 1.`,
    );
  }
}
