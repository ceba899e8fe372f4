/** Values that fields are compared with. All throw `invalid-input` for what is none. */
import type { Literal } from './filter';
import { invalidWhere, isPlainObject } from './invalid-where';
import { parseIsoDate } from './iso-date';
import type { WhereBudget } from './where-budget';

/** A number or a string as it is; a date as milliseconds since the epoch. */
export type Bound = number | string | { readonly date: number };

/** Whether it can only be meant as a value, right or wrong: a scalar or a date. */
export function isLiteral(value: unknown): boolean {
  return typeof value !== 'object' || value === null || isDateForm(value);
}

/** `expected` names what else could stand there. */
export function parseLiteral(
  value: unknown,
  place: string,
  budget: WhereBudget,
  expected = 'a finite number, string, boolean, null or date',
): Literal {
  if (value === null || typeof value === 'boolean') return value;
  if (isDateForm(value)) return parseDate(value, place);
  if (!isOrdered(value)) throw invalidWhere(place, expected, value);
  if (typeof value === 'string') budget.takeText(value);
  return value;
}

/** The values of a list such as that of `in`. */
export function parseLiterals(list: unknown, place: string, budget: WhereBudget): Literal[] {
  if (!Array.isArray(list)) throw invalidWhere(place, 'an array of values', list);
  budget.takeValues(list.length);
  return Array.from(list, (value: unknown, index) =>
    parseLiteral(value, `${place}[${index}]`, budget),
  );
}

export function parseBound(value: unknown, place: string, budget: WhereBudget): Bound {
  if (isDateForm(value)) return parseDate(value, place);
  if (!isOrdered(value)) throw invalidWhere(place, 'a finite number, a string or a date', value);
  if (typeof value === 'string') budget.takeText(value);
  return value;
}

function parseDate(
  value: Date | { readonly date: unknown },
  place: string,
): { readonly date: number } {
  if (value instanceof Date) {
    const date = value.getTime();
    if (Number.isNaN(date)) throw invalidWhere(place, 'a valid date', 'Invalid Date');
    return { date };
  }
  const date = typeof value.date === 'string' ? parseIsoDate(value.date) : NaN;
  if (Number.isNaN(date)) {
    const example = 'an ISO 8601 date such as 2024-05-01 or 2024-05-01T14:30:00Z';
    throw invalidWhere(`${place}.date`, example, value.date);
  }
  return { date };
}

/** A `Date`, or the form of it that JSON keeps, valid or not. */
function isDateForm(value: unknown): value is Date | { readonly date: unknown } {
  if (value instanceof Date) return true;
  if (!isPlainObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return key === 'date' && others.length === 0;
}

function isOrdered(value: unknown): value is number | string {
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value));
}
