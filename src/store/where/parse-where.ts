/** Turns a `where` into a filter, refusing what it cannot mean. */
import type { Combination, Filter } from './filter';
import { invalidWhere, isPlainObject } from './invalid-where';
import { isOperators, parseCondition } from './parse-condition';
import { isLiteral } from './parse-literal';
import { WhereBudget } from './where-budget';

const COMBINATIONS: ReadonlyMap<string, Combination['kind']> = new Map([
  ['and', 'all'],
  ['or', 'any'],
  ['not', 'none'],
]);

/**
 * Null when it has no conditions. Throws `invalid-input` with the place of what is wrong, and
 * `too-large`.
 */
export function parseWhere(where: unknown): Filter | null {
  if (where === null) return null;
  const filter = parseFilter(where, 'where', new WhereBudget(), 0);
  return filter.kind === 'all' && filter.parts.length === 0 ? null : filter;
}

function parseFilter(where: unknown, place: string, budget: WhereBudget, depth: number): Filter {
  if (!isPlainObject(where)) throw invalidWhere(place, 'an object of conditions', where);
  const parts = Object.entries(where).map(([key, value]): Filter => {
    const inner = `${place}.${key}`;
    budget.takeText(key);
    const kind = COMBINATIONS.get(key);
    if (kind === undefined) return parseField(key, value, inner, budget, depth);
    if (Array.isArray(value)) return parseCombination(kind, value, inner, budget, depth);
    if (isPlainObject(value) && !isLiteral(value) && !isOperators(Object.keys(value))) {
      throw invalidWhere(inner, 'an array of filters, or the condition on a field', value);
    }
    return parseField(key, value, inner, budget, depth);
  });
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: 'all', parts };
}

function parseCombination(
  kind: Combination['kind'],
  list: readonly unknown[],
  place: string,
  budget: WhereBudget,
  depth: number,
): Filter {
  budget.takeConditions(list.length, depth + 1, place);
  const parts = Array.from(list, (where, index) =>
    parseFilter(where, `${place}[${index}]`, budget, depth + 1),
  );
  return { kind, parts };
}

function parseField(
  field: string,
  condition: unknown,
  place: string,
  budget: WhereBudget,
  depth: number,
): Filter {
  return { kind: 'field', field, tests: parseCondition(condition, place, budget, depth) };
}
