/** A condition of a filter over the columns of a file: decided once for each distinct value. */
import { Bitset } from '../../core/bitset';
import type { MetaValue } from '../../protocol/store-contract';
import type { FieldQuestion } from '../where/evaluate';
import { compileTests } from '../where/field-tests';
import { pathOf } from '../where/read-field';
import type { Column } from './column';

/** The code of a row that lacks the field. */
const MISSING = 0;

type Test = (value: MetaValue | undefined) => boolean;

/**
 * The rows of `among` that meet the condition.
 * @param columnOf a top-level field; null for one that no row has
 */
export function selectByColumn(
  { condition: { field, tests }, among }: FieldQuestion,
  columnOf: (field: string) => Column | null,
): Bitset {
  const test = compileTests(tests);
  const isMissingSelected = test(undefined);
  const whole = columnOf(field);
  const path = pathOf(field);
  const first = path === null ? null : columnOf(path.first);

  const selected = new Bitset(among.length);
  let missing = among;
  // A field of the whole name comes first; where a row has none, a path may lead to one.
  if (whole !== null) {
    selected.addAll(missing.withCodes(whole.codes, marksOf(whole, missing, test)), 0);
    if (first !== null || isMissingSelected) missing = withoutField(missing, whole);
  }
  if (path !== null && first !== null) {
    const marks = marksOf(first, missing, (value) => test(path.readRest(value)));
    selected.addAll(missing.withCodes(first.codes, marks), 0);
    if (isMissingSelected) missing = withoutField(missing, first);
  }
  if (isMissingSelected) selected.addAll(missing, 0);
  return selected;
}

/** Which codes of these rows pass; tests no more values than there are, or rows. */
function marksOf({ codes, values, valueAt }: Column, among: Bitset, passes: Test): Uint8Array {
  const marks = new Uint8Array(values + 1);
  if (values <= among.count()) {
    for (let code = 1; code <= values; code++) marks[code] = passes(valueAt(code - 1)) ? 1 : 0;
    return marks;
  }
  among.forEach((row) => {
    const code = codes[row] ?? MISSING;
    if (code !== MISSING) marks[code] = passes(valueAt(code - 1)) ? 1 : 0;
  });
  return marks;
}

function withoutField(rows: Bitset, { codes, values }: Column): Bitset {
  const marks = new Uint8Array(values + 1);
  marks[MISSING] = 1;
  return rows.withCodes(codes, marks);
}
