/** Turns a `where` into a function, refusing what it cannot mean. */
import { PhotoglotError } from '../errors';
import type { Meta, MetaValue, RangeCondition, Where } from '../protocol/store-contract';

type Test = (value: MetaValue) => boolean;

const BOUNDS: Readonly<Record<keyof RangeCondition, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

/**
 * Whether an item's meta meets all conditions; null when there are none. A field that is missing
 * meets no condition, and a value of another type none either. Throws `invalid-input`.
 */
export function compileWhere(where: Where | null): ((meta: Meta) => boolean) | null {
  if (where === null) return null;
  if (!isPlainObject(where)) throw invalid('where', 'an object of conditions', where);
  const tests = Object.entries(where).map(([field, condition]): [string, Test] => [
    field,
    compileCondition(field, condition),
  ]);
  if (tests.length === 0) return null;
  return (meta) =>
    tests.every(([field, test]) => {
      const value = Object.hasOwn(meta, field) ? meta[field] : undefined;
      return value !== undefined && test(value);
    });
}

function compileCondition(field: string, condition: unknown): Test {
  if (isComparable(condition) || typeof condition === 'boolean' || condition === null) {
    return (value) => value === condition;
  }
  if (!isPlainObject(condition)) {
    throw invalid(`where.${field}`, 'a finite number, string, boolean, null or range', condition);
  }
  const bounds = Object.entries(condition);
  const [first] = bounds;
  if (first === undefined) throw invalid(`where.${field}`, 'at least one bound', condition);
  const type = typeof first[1];
  const tests = bounds.map(([name, bound]): Test => {
    if (!isBoundName(name)) throw invalid(`where.${field}`, 'gt, gte, lt or lte', name);
    if (!isComparable(bound)) {
      throw invalid(`where.${field}.${name}`, 'a finite number or a string', bound);
    }
    if (typeof bound !== type) {
      throw invalid(`where.${field}`, 'bounds of one type', `${type} and ${typeof bound}`);
    }
    const isWithin = BOUNDS[name];
    return (value) =>
      isComparable(value) && typeof value === type && isWithin(compare(value, bound));
  });
  return (value) => tests.every((test) => test(value));
}

/** Strings by code unit, as JavaScript compares them. */
function compare<Value extends number | string>(left: Value, right: Value): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function isBoundName(name: string): name is keyof RangeCondition {
  return Object.hasOwn(BOUNDS, name);
}

function isComparable(value: unknown): value is number | string {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(place: string, expected: string, got: unknown): PhotoglotError {
  return new PhotoglotError('invalid-input', `${place} must be ${expected}; got ${show(got)}.`);
}

function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'object' && value !== null) return Object.keys(value).join(', ') || 'none';
  return String(value);
}
