import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  lexicalScore,
  lexicalWeights,
  maxLexicalWeights,
  sumLexicalWeights,
  type LexicalWeights,
} from './lexical-weights';
import { failureOf } from './test-workers/failure-of';

const IGNORED = new Set([0, 1, 2, 3]);

/** Tokens with weights, few ids so that they repeat and meet. */
const tokens = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: -4, max: 8 })),
  {
    maxLength: 20,
  },
);

function weightsOf(entries: readonly (readonly [id: number, weight: number])[]): LexicalWeights {
  return lexicalWeights(
    entries.map(([id]) => id),
    entries.map(([, weight]) => weight / 8),
    IGNORED,
  );
}

function mapOf({ ids, weights }: LexicalWeights): Map<number, number> {
  return new Map(Array.from(ids, (id, index) => [id, weights[index] ?? NaN]));
}

describe('weights', () => {
  test('are the largest per id, without special tokens and zeros', () => {
    const ids = BigInt64Array.of(0n, 9n, 5n, 9n, 3n, 7n, 2n, 1n);
    const perToken = Float32Array.of(9, 0.25, 0.5, 0.75, 9, 0, 9, 9);
    expect(lexicalWeights(ids, perToken, IGNORED)).toEqual({
      ids: Uint32Array.of(5, 9),
      weights: Float32Array.of(0.5, 0.75),
    });
  });

  test('of ids are sorted as numbers', () => {
    const { ids } = lexicalWeights([250_001, 9, 100], [1, 1, 1], IGNORED);
    expect([...ids]).toEqual([9, 100, 250_001]);
  });

  test('are what a plain loop gives', () => {
    fc.assert(
      fc.property(tokens, (entries) => {
        const expected = new Map<number, number>();
        for (const [id, weight] of entries) {
          if (IGNORED.has(id) || weight <= 0) continue;
          expected.set(id, Math.max(expected.get(id) ?? 0, weight / 8));
        }
        const made = weightsOf(entries);
        expect(mapOf(made)).toEqual(expected);
        expect([...made.ids]).toEqual([...expected.keys()].toSorted((a, b) => a - b));
      }),
    );
  });

  test('of parts are those of the whole', () => {
    fc.assert(
      fc.property(tokens, tokens, (first, second) => {
        const parts = [weightsOf(first), weightsOf(second)];
        expect(maxLexicalWeights(parts)).toEqual(weightsOf([...first, ...second]));
      }),
    );
    expect(maxLexicalWeights([])).toEqual(weightsOf([]));
  });
});

describe('a score', () => {
  // BGE-M3's weights of "What is BGE M3?" in FlagEmbedding's README; the ids do not matter.
  const question = lexicalWeights(
    [0, 10, 11, 12, 13, 14, 15, 16, 2],
    [9, 0.0836, 0.0814, 0.1296, 0.252, 0.1702, 0.2695, 0.0409, 9],
    IGNORED,
  );

  test('of a short text with itself is about 0.2', () => {
    expect(lexicalScore(question, question)).toBeCloseTo(0.1972, 4);
  });

  test('counts shared tokens only', () => {
    const other = lexicalWeights([13, 15, 99], [0.5, 1, 1], IGNORED);
    expect(lexicalScore(question, other)).toBeCloseTo(0.252 * 0.5 + 0.2695, 6);
  });

  test('is 0 with nothing', () => {
    expect(lexicalScore(question, weightsOf([]))).toBe(0);
  });

  test('is symmetric, and what maps give', () => {
    fc.assert(
      fc.property(tokens, tokens, (first, second) => {
        const [left, right] = [weightsOf(first), weightsOf(second)];
        const others = mapOf(right);
        let expected = 0;
        for (const [id, weight] of mapOf(left)) expected += weight * (others.get(id) ?? 0);
        expect(lexicalScore(left, right)).toBeCloseTo(expected, 12);
        expect(lexicalScore(right, left)).toBe(lexicalScore(left, right));
      }),
    );
  });
});

describe('refused are', () => {
  const broken = { ids: Uint32Array.of(7), weights: Float32Array.of(NaN) };
  const uneven = { ids: Uint32Array.of(7, 8), weights: Float32Array.of(1) };

  test.each([
    [
      'a weight too few',
      () => lexicalWeights([4, 5], [1], IGNORED),
      'dimension-mismatch: Each token needs one weight; got 2 tokens and 1 weights.',
    ],
    [
      'a weight that is no number',
      () => lexicalWeights([4], [NaN], IGNORED),
      "invalid-input: A token's weight must be finite; got NaN.",
    ],
    [
      'an infinite weight, also of an ignored token',
      () => lexicalWeights([0], [Infinity], IGNORED),
      "invalid-input: A token's weight must be finite; got Infinity.",
    ],
    [
      'a negative id',
      () => lexicalWeights([-1n], [1], IGNORED),
      'invalid-input: A token id must be an integer from 0 to 4294967295; got -1.',
    ],
    [
      'scores of broken weights',
      () => lexicalScore(broken, broken),
      "invalid-input: A token's weight must be finite; got NaN.",
    ],
    [
      'scores of uneven weights',
      () => lexicalScore(broken, uneven),
      'dimension-mismatch: Each token needs one weight; got 2 tokens and 1 weights.',
    ],
    [
      'parts with broken weights',
      () => maxLexicalWeights([broken]),
      "invalid-input: A token's weight must be finite; got NaN.",
    ],
  ])('%s', (_, call, message) => {
    expect(failureOf(call)).toBe(message);
  });
});

test('several texts make one query, whose scores are the weighted sum of theirs', () => {
  fc.assert(
    fc.property(tokens, tokens, tokens, (left, right, passage) => {
      const parts = [weightsOf(left), weightsOf(right)] as const;
      const query = sumLexicalWeights([
        { weights: parts[0], factor: 2 },
        { weights: parts[1], factor: 0.5 },
      ]);
      const other = weightsOf(passage);
      const expected = 2 * lexicalScore(parts[0], other) + 0.5 * lexicalScore(parts[1], other);
      expect(lexicalScore(query, other)).toBeCloseTo(expected, 6);
    }),
  );
});
