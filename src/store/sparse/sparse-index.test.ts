import { expect, test } from 'vitest';
import { Bitset } from '../../core/bitset';
import { decodeFloat16 } from '../../core/codes/float16';
import { randomNumbers } from '../../core/kernel/test-workers/random-numbers';
import { lexicalScore, type LexicalWeights } from '../../core/lexical-weights';
import { decodeLexical, encodeLexical, type PackedWeights } from '../signals/lexical-codec';
import { SparseIndex } from './sparse-index';

const ROWS = 3000;
const TOKENS = 200;

/** Up to 20 tokens, the low ones often. */
function randomWeights(seed: number): LexicalWeights {
  const next = randomNumbers(seed);
  const share = (): number => Math.abs(next()) % 1;
  const tokens = Array.from({ length: Math.floor(20 * share()) }, () =>
    Math.floor(TOKENS * share() ** 2),
  );
  const ids = Uint32Array.from(new Set(tokens)).sort();
  return { ids, weights: Float32Array.from(ids, () => share() / 3 + 0.001) };
}

const packed = Array.from({ length: ROWS }, (_, row) =>
  decodeLexical(encodeLexical(randomWeights(row + 1))),
);

function unpacked({ ids, weights }: PackedWeights): LexicalWeights {
  const values = new Float32Array(weights.length);
  decodeFloat16(Uint16Array.from(weights), values);
  return { ids: Uint32Array.from(ids), weights: values };
}

function bruteForce(query: LexicalWeights, rows: readonly number[], limit: number) {
  return rows
    .map((row) => ({ row, score: lexicalScore(query, unpacked(packed[row] as PackedWeights)) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || left.row - right.row)
    .slice(0, limit);
}

test('scores are those of lexicalScore, whatever was put, replaced and removed', () => {
  const index = new SparseIndex();
  // Every row twice, so that a third of the documents is dead and dropped on the way.
  for (let round = 0; round < 2; round++) {
    packed.forEach((weights, row) => index.put((row + round * 7) % ROWS, weights));
  }
  packed.forEach((weights, row) => index.put(row, weights));
  const live = packed.map((_, row) => row).filter((row) => row % 3 !== 0);
  packed.forEach((_, row) => {
    if (row % 3 === 0) index.remove(row);
  });
  const some = new Bitset(ROWS);
  const even = live.filter((row) => row % 2 === 0);
  for (const row of even) some.add(row);
  for (let seed = -1; seed > -20; seed--) {
    const query = randomWeights(seed);
    expect(index.search(query, 40, null)).toEqual(bruteForce(query, live, 40));
    expect(index.search(query, 40, some)).toEqual(bruteForce(query, even, 40));
  }
  expect([0, 1, ROWS].map((row) => index.has(row))).toEqual([
    false,
    (packed[1]?.ids.length ?? 0) > 0,
    false,
  ]);
});

test('a query without tokens, or of tokens that nothing has, finds nothing', () => {
  const index = new SparseIndex();
  index.put(
    0,
    decodeLexical(encodeLexical({ ids: Uint32Array.of(3), weights: Float32Array.of(1) })),
  );
  const none = { ids: new Uint32Array(0), weights: new Float32Array(0) };
  expect(index.search(none, 10, null)).toEqual([]);
  const other = { ids: Uint32Array.of(4), weights: Float32Array.of(1) };
  expect(index.search(other, 10, null)).toEqual([]);
});
