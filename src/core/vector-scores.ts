/**
 * How alike two texts are by their vectors, as FlagEmbedding computes it for BGE-M3
 * (`inference/embedder/encoder_only/m3.py`), but summed in float64.
 */
import { PhotoglotError } from '../errors';
import { dotProduct } from './dot-product';
import { checkTokenVectors, type TokenVectors } from './token-vectors';

/**
 * Dot product of two vectors of one dimension: their cosine, as they have length 1. Throws
 * `dimension-mismatch`, and `invalid-input` for numbers that are not finite.
 */
export function denseScore(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length || left.length === 0) {
    throw new PhotoglotError(
      'dimension-mismatch',
      'Two vectors must have the same number of dimensions, at least one; ' +
        `got ${left.length} and ${right.length}.`,
    );
  }
  return finite(dotProduct(left, 0, right, 0, left.length));
}

/**
 * Late interaction: for each vector of the query the best dot product with one of the passage,
 * averaged over the query; −1…1. Not symmetric.
 *
 * A pair is scored without padding, as the reference's `colbert_score` does. Its batched
 * `compute_score` pads passages with zeros, so that no vector's best falls below 0, and a pair's
 * score depends on its neighbours in the batch; here it never does.
 *
 * Throws `dimension-mismatch`; `invalid-input` when a side has no vectors, as there is no mean or
 * maximum over none, or numbers that are not finite.
 */
export function colbertScore(query: TokenVectors, passage: TokenVectors): number {
  checkPair(query, passage);
  const { dim } = query;
  let sum = 0;
  // A comparison drops NaN; this sum keeps it.
  let all = 0;
  for (let row = 0; row < query.count; row++) {
    let best = -Infinity;
    for (let other = 0; other < passage.count; other++) {
      const product = dotProduct(query.data, row * dim, passage.data, other * dim, dim);
      all += product;
      if (product > best) best = product;
    }
    sum += best;
  }
  finite(all);
  return sum / query.count;
}

function checkPair(query: TokenVectors, passage: TokenVectors): void {
  checkTokenVectors(query, "The query's vectors");
  checkTokenVectors(passage, "The passage's vectors");
  if (query.dim !== passage.dim) {
    throw new PhotoglotError(
      'dimension-mismatch',
      'The vectors of query and passage must have one dimension; ' +
        `got ${query.dim} and ${passage.dim}.`,
    );
  }
  if (query.count === 0 || passage.count === 0) {
    throw new PhotoglotError(
      'invalid-input',
      'Query and passage need at least one token vector each; ' +
        `got ${query.count} and ${passage.count}.`,
    );
  }
}

function finite(score: number): number {
  if (Number.isFinite(score)) return score;
  throw new PhotoglotError(
    'invalid-input',
    'Vectors to score must consist of finite numbers; some are not.',
  );
}
