/** The condition on one field. */
import type { RangeCondition, WhereOperators } from '../../protocol/where';
import type { Bounds, FieldTest } from './filter';
import { invalidWhere, isPlainObject } from './invalid-where';
import { parseBox, parseCircle } from './parse-geo';
import { isLiteral, parseBound, parseLiteral, parseLiterals, type Bound } from './parse-literal';
import type { WhereBudget } from './where-budget';

type BoundName = keyof RangeCondition;
type Parse = (value: unknown, place: string, budget: WhereBudget, depth: number) => FieldTest;

const BOUNDS: readonly BoundName[] = ['gt', 'gte', 'lt', 'lte'];

const OPERATORS: Readonly<Record<Exclude<keyof WhereOperators, BoundName>, Parse>> = {
  in: (list, place, budget) => ({ kind: 'in', literals: parseLiterals(list, place, budget) }),
  exists(wanted, place) {
    if (typeof wanted !== 'boolean') throw invalidWhere(place, 'true or false', wanted);
    return { kind: 'exists', wanted };
  },
  has: (value, place, budget) => ({
    kind: 'hasAny',
    literals: [parseLiteral(value, place, budget)],
  }),
  hasAny: (list, place, budget) => ({
    kind: 'hasAny',
    literals: parseLiterals(list, place, budget),
  }),
  hasAll: (list, place, budget) => ({
    kind: 'hasAll',
    literals: parseLiterals(list, place, budget),
  }),
  not: (condition, place, budget, depth) => ({
    kind: 'not',
    tests: parseCondition(condition, place, budget, depth + 1),
  }),
  within: (box, place) => ({ kind: 'within', box: parseBox(box, place) }),
  near: (circle, place) => ({ kind: 'near', circle: parseCircle(circle, place) }),
};

const NAMES = [...BOUNDS, ...Object.keys(OPERATORS)];

/** Whether these are keys of operators and nothing else. */
export function isOperators(keys: readonly string[]): boolean {
  return keys.every((key) => NAMES.includes(key));
}

/** The tests that a value must all pass. Throws `invalid-input` and `too-large`. */
export function parseCondition(
  condition: unknown,
  place: string,
  budget: WhereBudget,
  depth: number,
): FieldTest[] {
  if (isLiteral(condition)) {
    budget.takeConditions(1, depth, place);
    const expected = 'a finite number, string, boolean, null, date or an object of operators';
    return [{ kind: 'equals', literal: parseLiteral(condition, place, budget, expected) }];
  }
  if (!isPlainObject(condition)) {
    const hint = Array.isArray(condition) ? ' (for lists: in, hasAny or hasAll)' : '';
    throw invalidWhere(place, `a value or an object of operators${hint}`, condition);
  }
  const entries = Object.entries(condition);
  if (entries.length === 0) throw invalidWhere(place, 'at least one operator', condition);
  budget.takeConditions(entries.length, depth, place);
  const tests: FieldTest[] = [];
  const bounds: [BoundName, Bound][] = [];
  for (const [name, value] of entries) {
    const inner = `${place}.${name}`;
    if (isBoundName(name)) bounds.push([name, parseBound(value, inner, budget)]);
    else if (isOperatorName(name)) tests.push(OPERATORS[name](value, inner, budget, depth));
    else throw invalidWhere(place, `an object of operators (${NAMES.join(', ')})`, condition);
  }
  return bounds.length === 0 ? tests : [rangeOf(bounds, place), ...tests];
}

function rangeOf(bounds: readonly (readonly [BoundName, Bound])[], place: string): FieldTest {
  const numbers: Partial<Record<BoundName, number>> = {};
  const strings: Partial<Record<BoundName, string>> = {};
  const types = new Set<'number' | 'string' | 'date'>();
  for (const [name, bound] of bounds) {
    if (typeof bound === 'string') strings[name] = bound;
    else numbers[name] = typeof bound === 'number' ? bound : bound.date;
    types.add(typeOf(bound));
  }
  const [type, other] = types;
  if (type === undefined || other !== undefined) {
    throw invalidWhere(place, 'bounds of one type', [...types].join(' and '));
  }
  return type === 'string'
    ? { kind: 'range', type, bounds: strings satisfies Bounds<string> }
    : { kind: 'range', type, bounds: numbers satisfies Bounds<number> };
}

function typeOf(bound: Bound): 'number' | 'string' | 'date' {
  if (typeof bound === 'string') return 'string';
  return typeof bound === 'number' ? 'number' : 'date';
}

function isBoundName(name: string): name is BoundName {
  return (BOUNDS as readonly string[]).includes(name);
}

function isOperatorName(name: string): name is keyof typeof OPERATORS {
  return Object.hasOwn(OPERATORS, name);
}
