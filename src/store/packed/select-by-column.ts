/** A condition of a filter over the columns of a file: decided once for each distinct value. */
import { Bitset } from '../../core/bitset';
import type { MetaValue } from '../../protocol/store-contract';
import type { FieldQuestion } from '../where/evaluate';
import { compileTests } from '../where/field-tests';
import { pathOf } from '../where/read-field';
import type { Column } from './column';

const [UNKNOWN, REJECTED, SELECTED] = [0, 1, 2] as const;

/**
 * The rows of `among` that meet the condition.
 * @param columnOf a top-level field; null for one that no row has
 */
export function selectByColumn(
  { condition: { field, tests }, among }: FieldQuestion,
  columnOf: (field: string) => Column | null,
): Bitset {
  const test = compileTests(tests);
  const whole = columnOf(field);
  const path = pathOf(field);
  const first = path === null ? null : columnOf(path.first);
  const isMissingSelected = test(undefined);
  const isWhole = verdicts(whole, test);
  const isFirst = verdicts(first, (value) => test(path?.readRest(value)));

  const selected = new Bitset(among.length);
  among.forEach((row) => {
    const code = whole?.codes[row] ?? 0;
    if (code !== 0) {
      if (isWhole(code)) selected.add(row);
      return;
    }
    const firstCode = first?.codes[row] ?? 0;
    if (firstCode === 0 ? isMissingSelected : isFirst(firstCode)) selected.add(row);
  });
  return selected;
}

/** Tests a value when the first row that has it comes. */
function verdicts(
  column: Column | null,
  test: (value: MetaValue | undefined) => boolean,
): (code: number) => boolean {
  if (column === null) return () => false;
  const known = new Uint8Array(column.values + 1);
  return (code) => {
    let verdict = known[code] ?? UNKNOWN;
    if (verdict === UNKNOWN) {
      verdict = test(column.valueAt(code - 1)) ? SELECTED : REJECTED;
      known[code] = verdict;
    }
    return verdict === SELECTED;
  };
}
