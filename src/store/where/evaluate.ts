/** Evaluates a filter: condition after condition, each over all rows that it can still decide about. */
import type { Bitset } from '../../core/bitset';
import type { Combination, FieldFilter, Filter } from './filter';

/** Asked of whoever has the rows; the answer is those of `among` that the condition selects. */
export interface FieldQuestion {
  readonly condition: FieldFilter;
  readonly among: Bitset;
}

/**
 * Returns those of `among` that the filter selects. A generator, so that rows in memory can answer at
 * once and rows in files when they have been read.
 */
export function* evaluate(filter: Filter, among: Bitset): Generator<FieldQuestion, Bitset, Bitset> {
  if (filter.kind === 'field') return yield { condition: filter, among };
  return yield* combine(filter, among);
}

function* combine(
  { kind, parts }: Combination,
  among: Bitset,
): Generator<FieldQuestion, Bitset, Bitset> {
  switch (kind) {
    case 'all': {
      let left = among;
      for (const part of parts) left = yield* evaluate(part, left);
      return left;
    }
    case 'any':
      return among.difference(yield* rejectedByAll(parts, among));
    case 'none':
      return yield* rejectedByAll(parts, among);
    default:
      return kind satisfies never;
  }
}

/** A row that one part selects is not looked at by the next. */
function* rejectedByAll(
  parts: readonly Filter[],
  among: Bitset,
): Generator<FieldQuestion, Bitset, Bitset> {
  let left = among;
  for (const part of parts) left = left.difference(yield* evaluate(part, left));
  return left;
}
