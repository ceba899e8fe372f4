/** Evaluates a filter: condition after condition, each over all rows that it can still decide about. */
import { Bitset } from '../../core/bitset';
import type { ItemRecord } from '../../protocol/store-contract';
import { compileTests } from './field-tests';
import type { Combination, FieldFilter, Filter } from './filter';
import { fieldReader } from './read-field';

/** Per row its item; null for a dead row. */
type Items = readonly (ItemRecord | null)[];

/** The rows that are not dead and that the filter selects; the bitset's length is that of `items`. */
export function selectRows(filter: Filter, items: Items): Bitset {
  const live = new Bitset(items.length);
  items.forEach((item, row) => {
    if (item !== null) live.add(row);
  });
  return select(filter, items, live);
}

/** Those of `among` that the filter selects. */
function select(filter: Filter, items: Items, among: Bitset): Bitset {
  return filter.kind === 'field'
    ? selectByField(filter, items, among)
    : combine(filter, items, among);
}

function combine({ kind, parts }: Combination, items: Items, among: Bitset): Bitset {
  switch (kind) {
    case 'all':
      return parts.reduce((left, part) => select(part, items, left), among);
    case 'any':
      return among.difference(rejectedByAll(parts, items, among));
    case 'none':
      return rejectedByAll(parts, items, among);
    default:
      return kind satisfies never;
  }
}

/** A row that one part selects is not looked at by the next. */
function rejectedByAll(parts: readonly Filter[], items: Items, among: Bitset): Bitset {
  return parts.reduce((left, part) => left.difference(select(part, items, left)), among);
}

function selectByField({ field, tests }: FieldFilter, items: Items, among: Bitset): Bitset {
  const read = fieldReader(field);
  const test = compileTests(tests);
  const selected = new Bitset(items.length);
  among.forEach((row) => {
    const item = items[row];
    if (item && test(read(item.meta))) selected.add(row);
  });
  return selected;
}
