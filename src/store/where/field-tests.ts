/** Tests of a field as functions of its value. */
import type { MetaValue } from '../../protocol/store-contract';
import type { Bounds, FieldTest, Literal, Scalar } from './filter';
import { boxTest, circleTest } from './geo-tests';
import { parseIsoDate } from './iso-date';

/** Undefined for a field that is missing. */
type OptionalTest = (value: MetaValue | undefined) => boolean;
type ValueTest = (value: MetaValue) => boolean;

/** Whether a value passes all of them. */
export function compileTests(tests: readonly FieldTest[]): OptionalTest {
  const compiled = tests.map(compileTest);
  const [only] = compiled;
  if (only !== undefined && compiled.length === 1) return only;
  return (value) => compiled.every((test) => test(value));
}

function compileTest(test: FieldTest): OptionalTest {
  switch (test.kind) {
    case 'exists':
      return (value) => (value !== undefined) === test.wanted;
    case 'not': {
      const inner = compileTests(test.tests);
      return (value) => !inner(value);
    }
    case 'equals':
      return present(equalityTest(test.literal));
    case 'in':
      return present(membershipTest(test.literals));
    case 'hasAny':
      return present(anyTest(test.literals));
    case 'hasAll':
      return present(allTest(test.literals));
    case 'range':
      return present(rangeTest(test));
    case 'within':
      return present(boxTest(test.box));
    case 'near':
      return present(circleTest(test.circle));
    default:
      return test satisfies never;
  }
}

/** What is missing meets no condition but those that ask about that. */
function present(test: ValueTest): OptionalTest {
  return (value) => value !== undefined && test(value);
}

function equalityTest(literal: Literal): ValueTest {
  if (!isDate(literal)) return (value) => value === literal;
  const { date } = literal;
  return (value) => instantOf(value) === date;
}

function membershipTest(literals: readonly Literal[]): ValueTest {
  const scalars = new Set<MetaValue>(literals.filter(isScalar));
  const dates = new Set(literals.filter(isDate).map(({ date }) => date));
  if (dates.size === 0) return (value) => scalars.has(value);
  return (value) => scalars.has(value) || dates.has(instantOf(value));
}

function anyTest(literals: readonly Literal[]): ValueTest {
  const isMember = membershipTest(literals);
  return (value) => {
    if (!isArray(value)) return false;
    for (const element of value) if (isMember(element)) return true;
    return false;
  };
}

/** One pass over the array, so that the time is not the product of two lengths. */
function allTest(literals: readonly Literal[]): ValueTest {
  const wanted = new Map<MetaValue, number>();
  const wantedDates = new Map<number, number>();
  for (const literal of literals) {
    const index = wanted.size + wantedDates.size;
    if (!isDate(literal)) wanted.set(literal, wanted.get(literal) ?? index);
    else wantedDates.set(literal.date, wantedDates.get(literal.date) ?? index);
  }
  const count = wanted.size + wantedDates.size;
  // The number of the array in which each was found last; nothing is to be reset between arrays.
  const foundIn = new Uint32Array(count);
  let array = 0;
  return (value) => {
    if (!isArray(value)) return false;
    array++;
    let missing = count;
    const find = (index: number | undefined): void => {
      if (index === undefined || foundIn[index] === array) return;
      foundIn[index] = array;
      missing--;
    };
    for (const element of value) {
      find(wanted.get(element));
      if (wantedDates.size > 0) find(wantedDates.get(instantOf(element)));
    }
    return missing === 0;
  };
}

function rangeTest(test: FieldTest & { readonly kind: 'range' }): ValueTest {
  switch (test.type) {
    case 'string':
      return stringRange(test.bounds);
    case 'number':
      return numberRange(test.bounds, (value) => (typeof value === 'number' ? value : NaN));
    case 'date':
      return numberRange(test.bounds, instantOf);
    default:
      return test satisfies never;
  }
}

/** NaN, which `numberOf` gives for values of another type, is in no range. */
function numberRange(
  { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity }: Bounds<number>,
  numberOf: (value: MetaValue) => number,
): ValueTest {
  return (value) => {
    const number = numberOf(value);
    return number > gt && number >= gte && number < lt && number <= lte;
  };
}

/** By code unit, as JavaScript compares them. */
function stringRange({ gt, gte, lt, lte }: Bounds<string>): ValueTest {
  return (value) =>
    typeof value === 'string' &&
    (gt === undefined || value > gt) &&
    (gte === undefined || value >= gte) &&
    (lt === undefined || value < lt) &&
    (lte === undefined || value <= lte);
}

/** Milliseconds since the epoch; NaN for what is no date. */
function instantOf(value: MetaValue): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseIsoDate(value) : NaN;
}

function isDate(literal: Literal): literal is { readonly date: number } {
  return typeof literal === 'object' && literal !== null;
}

function isScalar(literal: Literal): literal is Scalar {
  return !isDate(literal);
}

/** `Array.isArray` does not know arrays that are readonly. */
function isArray(value: MetaValue): value is readonly MetaValue[] {
  return Array.isArray(value);
}
