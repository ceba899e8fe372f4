import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPhotoglotError } from '../errors';
import { padTokens, planBatches, type BatchLimits } from './token-batches';

const WIDE: BatchLimits = { maxTokens: 100_000, maxRows: 1000 };

const limitsOf = fc.record({
  maxTokens: fc.integer({ min: 1, max: 600 }),
  maxRows: fc.integer({ min: 1, max: 8 }),
});
const lengthsOf = (maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: 200 }), { maxLength });

function lengthOf(lengths: readonly number[], index: number): number {
  return lengths[index] ?? NaN;
}

function mayRun(lengths: readonly number[], { maxTokens, maxRows }: BatchLimits): boolean {
  const longest = Math.max(...lengths);
  return (
    lengths.length === 1 ||
    (lengths.length <= maxRows &&
      lengths.length * longest <= maxTokens &&
      longest <= 1.25 * Math.min(...lengths) + 8)
  );
}

/** The fewest groups of any kind, by trying each group for each text. */
function fewest(
  lengths: readonly number[],
  limits: BatchLimits,
  groups: readonly (readonly number[])[] = [],
): number {
  const [first, ...rest] = lengths;
  if (first === undefined) {
    return groups.every((group) => mayRun(group, limits)) ? groups.length : Infinity;
  }
  const joined = groups.map((_, chosen) =>
    fewest(
      rest,
      limits,
      groups.map((group, index) => (index === chosen ? [...group, first] : group)),
    ),
  );
  return Math.min(fewest(rest, limits, [...groups, [first]]), ...joined);
}

describe('a plan', () => {
  test('runs similar lengths together, the longest first', () => {
    expect(planBatches([5, 300, 7, 290, 5], WIDE)).toEqual([
      [1, 3],
      [2, 0, 4],
    ]);
  });

  test('keeps the limit of rows and of padded tokens', () => {
    expect(planBatches([9, 9, 9], { ...WIDE, maxRows: 2 })).toEqual([[0, 1], [2]]);
    expect(planBatches([10, 9, 9], { ...WIDE, maxTokens: 29 })).toEqual([[0, 1], [2]]);
    expect(planBatches([10, 9, 9], { ...WIDE, maxTokens: 30 })).toEqual([[0, 1, 2]]);
  });

  test('leaves a text over the limit alone', () => {
    expect(planBatches([40, 50, 9], { ...WIDE, maxTokens: 30 })).toEqual([[1], [0], [2]]);
  });

  test('of nothing is empty', () => {
    expect(planBatches([], WIDE)).toEqual([]);
  });

  test('has every text once, and no batch that may not run', () => {
    fc.assert(
      fc.property(lengthsOf(60), limitsOf, (lengths, limits) => {
        const batches = planBatches(lengths, limits);
        const indices = batches.flat().toSorted((left, right) => left - right);
        expect(indices).toEqual(lengths.map((_, index) => index));
        for (const batch of batches) {
          const own = batch.map((index) => lengthOf(lengths, index));
          expect(mayRun(own, limits)).toBe(true);
        }
        // The order of the texts can be restored by the indices.
        const restored: number[] = [];
        for (const index of batches.flat()) restored[index] = lengthOf(lengths, index);
        expect(restored).toEqual(lengths);
      }),
    );
  });

  test('pads by a quarter and 8 tokens a text at most', () => {
    fc.assert(
      fc.property(lengthsOf(60), limitsOf, (lengths, limits) => {
        const padded = planBatches(lengths, limits)
          .map((batch) => batch.length * Math.max(...batch.map((at) => lengthOf(lengths, at))))
          .reduce((sum, tokens) => sum + tokens, 0);
        const real = lengths.reduce((sum, length) => sum + length, 0);
        expect(padded).toBeLessThanOrEqual(1.25 * real + 8 * lengths.length);
      }),
    );
  });

  test('has the fewest batches', () => {
    fc.assert(
      fc.property(lengthsOf(7), limitsOf, (lengths, limits) => {
        expect(planBatches(lengths, limits)).toHaveLength(fewest(lengths, limits));
      }),
    );
  });

  test('does not depend on the order of texts of other lengths', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 })), limitsOf, (lengths, limits) => {
        const plan = (texts: readonly number[]): number[][] =>
          planBatches(texts, limits).map((batch) => batch.map((index) => lengthOf(texts, index)));
        expect(plan(lengths.toReversed())).toEqual(plan(lengths));
      }),
    );
  });

  test.each([
    [[0], WIDE, 'invalid-input: The tokens of a text must be an integer of at least 1; got 0.'],
    [[1.5], WIDE, 'invalid-input: The tokens of a text must be an integer of at least 1; got 1.5.'],
    [
      [1],
      { ...WIDE, maxTokens: NaN },
      'invalid-input: The tokens of a batch must be an integer of at least 1; got NaN.',
    ],
    [
      [1],
      { ...WIDE, maxRows: 0 },
      'invalid-input: The texts of a batch must be an integer of at least 1; got 0.',
    ],
  ])('of %o within %o is refused', (lengths, limits, message) => {
    let thrown: unknown;
    try {
      planBatches(lengths, limits);
    } catch (error) {
      thrown = error;
    }
    expect(isPhotoglotError(thrown) && `${thrown.code}: ${thrown.message}`).toBe(message);
  });
});

describe('padded tokens', () => {
  test('are as long as the longest text', () => {
    expect(padTokens([[0, 7, 2], [2]], 1)).toEqual({
      ids: BigInt64Array.of(0n, 7n, 2n, 2n, 1n, 1n),
      mask: BigInt64Array.of(1n, 1n, 1n, 1n, 0n, 0n),
      count: 2,
      length: 3,
    });
  });

  test('of a text alone are its own', () => {
    expect(padTokens([[0, 7, 250_001, 2]], 1)).toEqual({
      ids: BigInt64Array.of(0n, 7n, 250_001n, 2n),
      mask: BigInt64Array.of(1n, 1n, 1n, 1n),
      count: 1,
      length: 4,
    });
  });

  test('of no texts are an empty batch', () => {
    expect(padTokens([], 1)).toMatchObject({ count: 0, length: 0 });
  });
});
