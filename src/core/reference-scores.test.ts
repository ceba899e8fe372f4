/**
 * Against FlagEmbedding, the reference code of BGE-M3: the fixture holds what it makes of a tiny
 * random model and of random vectors (`training/tests/make_score_fixtures.py`).
 */
import { describe, expect, test } from 'vitest';
import reference from './fixtures/bge-m3-scores.json';
import { hybridScore, type SignalWeights } from './hybrid-score';
import { lexicalScore, lexicalWeights } from './lexical-weights';
import type { TokenVectors } from './token-vectors';
import { colbertScore, denseScore } from './vector-scores';

/** The reference computes in float32, in runs of different shapes. */
const TOLERANCE = 2e-6;
const IGNORED = new Set([0, 1, 2, 3]);

const texts = reference.texts.map((text) => ({
  dense: Float32Array.from(text.dense),
  sparse: lexicalWeights(text.ids, text.tokenWeights, IGNORED),
  colbert: vectorsOf(text.colbert),
}));

function vectorsOf(rows: readonly (readonly number[])[]): TokenVectors {
  return { data: Float32Array.from(rows.flat()), count: rows.length, dim: rows[0]?.length ?? 0 };
}

function textOf(index: number): (typeof texts)[number] {
  const text = texts[index];
  if (text === undefined) throw new Error(`no text ${index}`);
  return text;
}

function weightsOf(weights: readonly number[] | null): SignalWeights | undefined {
  if (weights === null) return undefined;
  const [dense = NaN, sparse = NaN, colbert = NaN] = weights;
  return { dense, sparse, colbert };
}

function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThan(TOLERANCE);
}

test.each(reference.texts.map((text, index) => ({ index, ...text })))(
  'text $index has the token weights of the reference',
  ({ index, lexicalWeights: expected }) => {
    const { ids, weights } = textOf(index).sparse;
    expect([...ids]).toEqual(expected.map(([id]) => id));
    expected.forEach(([, weight = NaN], entry) => {
      expectClose(weights[entry] ?? NaN, weight);
    });
  },
);

test('all but the first token have a ColBERT vector', () => {
  for (const { ids, colbertCount } of reference.texts) expect(colbertCount).toBe(ids.length - 1);
});

describe.each(reference.pairs)('query $query and passage $passage', (pair) => {
  const [query, passage] = [textOf(pair.query), textOf(pair.passage)];
  const scores = {
    dense: denseScore(query.dense, passage.dense),
    sparse: lexicalScore(query.sparse, passage.sparse),
    colbert: colbertScore(query.colbert, passage.colbert),
  };

  test('score as in the reference', () => {
    expectClose(scores.dense, pair.dense);
    expectClose(scores.sparse, pair.sparse);
    expectClose(scores.sparse, pair.lexicalMatching);
    expectClose(scores.colbert, pair.colbert);
    expectClose(scores.colbert, pair.colbertScore);
  });

  test.each(pair.hybrids)('with the weights $weights too', ({ weights, denseSparse, all }) => {
    const chosen = weightsOf(weights);
    expectClose(hybridScore(scores, chosen), all);
    expectClose(hybridScore({ ...scores, colbert: undefined }, chosen), denseSparse);
  });
});

describe('random vectors', () => {
  test.each(reference.random)('score $score', ({ query, passage, score }) => {
    expectClose(colbertScore(vectorsOf(query), vectorsOf(passage)), score);
  });

  test('tell scoring per pair from scoring in a padded batch', () => {
    const differing = reference.random.filter(({ score, paddedScore }) => paddedScore > score);
    expect(differing.length).toBeGreaterThan(0);
    for (const { query, passage, paddedScore } of differing) {
      const zeros = passage[0]?.map(() => 0) ?? [];
      expectClose(colbertScore(vectorsOf(query), vectorsOf([...passage, zeros])), paddedScore);
    }
  });
});
