/** Filters of items in memory. */
import { Bitset } from '../../core/bitset';
import type { ItemRecord } from '../../protocol/store-contract';
import { evaluate, type FieldQuestion } from './evaluate';
import { compileTests } from './field-tests';
import type { Filter } from './filter';
import { fieldReader } from './read-field';

/** Per row its item; null for a dead row. */
type Items = readonly (ItemRecord | null)[];

/** The rows that are not dead and that the filter selects; the bitset's length is that of `items`. */
export function selectRows(filter: Filter, items: Items): Bitset {
  const live = new Bitset(items.length);
  items.forEach((item, row) => {
    if (item !== null) live.add(row);
  });
  const evaluation = evaluate(filter, live);
  let next = evaluation.next();
  while (next.done !== true) next = evaluation.next(answer(next.value, items));
  return next.value;
}

function answer({ condition: { field, tests }, among }: FieldQuestion, items: Items): Bitset {
  const read = fieldReader(field);
  const test = compileTests(tests);
  const selected = new Bitset(items.length);
  among.forEach((row) => {
    const item = items[row];
    if (item && test(read(item.meta))) selected.add(row);
  });
  return selected;
}
