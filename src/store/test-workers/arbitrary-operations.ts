/** Operations and questions by chance. Few numbers, so that they often meet the same items. */
import fc from 'fast-check';
import type { Operation, Span } from './operations';
import { SELECTION_NAMES, type Question } from './search-question';

/** How large the collections grow, in items. */
export interface Extent {
  /** Numbers that single items have: 0 … `few − 1`. */
  readonly few: number;
  /** Numbers that items have which come or go by hundreds. */
  readonly many: number;
}

const seed = fc.integer({ min: 0, max: 999 });

/** Any operation; those that make rows by the hundred are a quarter of the writes. */
export function arbitraryOperation(extent: Extent): fc.Arbitrary<Operation> {
  const { few, many } = spans(extent);
  const span = fc.oneof({ weight: 3, arbitrary: few }, { weight: 1, arbitrary: many });
  const number = fc.nat({ max: extent.few - 1 });
  const rarely = fc.boolean().chain((is) => (is ? fc.boolean() : fc.constant(false)));
  const of = <Kind extends Operation['kind']>(kind: Kind) => ({ kind: fc.constant(kind) });
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ ...of('put'), span, seed, rough: rarely, pictures: rarely }),
    },
    { weight: 2, arbitrary: fc.record({ ...of('refine'), span, seed }) },
    { weight: 4, arbitrary: fc.record({ ...of('update'), number, seed }) },
    { weight: 5, arbitrary: fc.record({ ...of('delete'), span }) },
    { weight: 2, arbitrary: fc.record({ ...of('import'), span, seed }) },
    { weight: 1, arbitrary: fc.record({ ...of('save') }) },
    { weight: 1, arbitrary: fc.record({ ...of('restore') }) },
    { weight: 1, arbitrary: fc.record({ ...of('clear') }) },
  );
}

export function arbitraryQuestion({ few }: Extent): fc.Arbitrary<Question> {
  return fc.record({
    number: fc.nat({ max: few }),
    seed: fc.oneof(fc.constant(0), seed),
    limit: fc.constantFrom(1, 5, 20, 2000),
    selection: fc.constantFrom(...SELECTION_NAMES),
  });
}

function spans(extent: Extent): { few: fc.Arbitrary<Span>; many: fc.Arbitrary<Span> } {
  const step = fc.constantFrom(1, 1, 2, 3);
  return {
    few: fc.record({
      first: fc.nat({ max: extent.few - 1 }),
      count: fc.integer({ min: 1, max: 8 }),
      step,
    }),
    many: fc.record({
      first: fc.nat({ max: extent.many - 1 }),
      // An import writes 512 rows at a time: with more it is not one write.
      count: fc.integer({ min: 200, max: 512 }),
      step,
    }),
  };
}
