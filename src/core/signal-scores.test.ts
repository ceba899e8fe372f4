import { expect, test } from 'vitest';
import { hybridScore } from './hybrid-score';
import type { TextOutputs } from './merge-windows';
import { signalScores } from './signal-scores';

const query: TextOutputs = {
  dense: Float32Array.of(1, 0),
  sparse: { ids: Uint32Array.of(5, 9), weights: Float32Array.of(0.5, 0.25) },
  colbert: { data: Float32Array.of(1, 0, 0, 1), count: 2, dim: 2 },
};
const passage: TextOutputs = {
  dense: Float32Array.of(0, 1),
  sparse: { ids: Uint32Array.of(9), weights: Float32Array.of(2) },
  colbert: { data: Float32Array.of(1, 0), count: 1, dim: 2 },
};

test('every signal that both sides have', () => {
  expect(signalScores(query, passage)).toEqual({ dense: 0, sparse: 0.5, colbert: 0.5 });
});

test('a picture has a dense vector only', () => {
  const picture: TextOutputs = { dense: Float32Array.of(0.6, 0.8), sparse: null, colbert: null };
  const scores = signalScores(query, picture);
  expect(scores.dense).toBeCloseTo(0.6, 6);
  expect([scores.sparse, scores.colbert]).toEqual([undefined, undefined]);
  expect(hybridScore(scores, { dense: 0.4, sparse: 0.2, colbert: 0.4 })).toBeCloseTo(0.6, 6);
});
