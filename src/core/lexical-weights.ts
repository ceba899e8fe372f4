/**
 * Weights of a text's tokens, for scoring by the words that two texts share: BGE-M3's sparse
 * output, as FlagEmbedding makes and compares it (`_process_token_weights` and
 * `compute_lexical_matching_score` in `inference/embedder/encoder_only/m3.py`).
 */
import { PhotoglotError } from '../errors';

/** A sparse map from token id to weight: entry i is `ids[i]` → `weights[i]`. */
export interface LexicalWeights {
  /** Ascending, each once. */
  readonly ids: Uint32Array<ArrayBuffer>;
  /** As many as `ids`, each positive and finite. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/**
 * The largest weight of each token id, without `ignoredIds` (of BGE-M3 `<s>`, `<pad>`, `</s>` and
 * `<unk>`: 0–3) and without weights that are not positive.
 *
 * @param ids a text's tokens as the model took them, special ones and padding included
 * @param weights one per token, what the sparse head gives, after ReLU
 *
 * Throws `dimension-mismatch` for unequal lengths, `invalid-input` for a weight that is not finite
 * or an id that is none.
 */
export function lexicalWeights(
  ids: ArrayLike<number | bigint>,
  weights: ArrayLike<number>,
  ignoredIds: ReadonlySet<number>,
): LexicalWeights {
  checkLengths(ids, weights);
  const largest = new Map<number, number>();
  for (let index = 0; index < ids.length; index++) {
    const id = checkedId(ids[index]);
    const weight = checkedWeight(weights[index]);
    if (!ignoredIds.has(id)) raise(largest, id, weight);
  }
  return sorted(largest);
}

/** The largest weight of each token id over parts of a text; of no parts it is empty. */
export function maxLexicalWeights(parts: readonly LexicalWeights[]): LexicalWeights {
  const largest = new Map<number, number>();
  for (const { ids, weights } of parts) {
    checkLengths(ids, weights);
    ids.forEach((id, index) => {
      raise(largest, id, checkedWeight(weights[index]));
    });
  }
  return sorted(largest);
}

/** The weighted sum of each token id's weights, for one query of several texts; factors are positive. */
export function sumLexicalWeights(
  parts: readonly { readonly weights: LexicalWeights; readonly factor: number }[],
): LexicalWeights {
  const sums = new Map<number, number>();
  for (const { weights: part, factor } of parts) {
    checkLengths(part.ids, part.weights);
    part.ids.forEach((id, index) => {
      sums.set(id, (sums.get(id) ?? 0) + factor * checkedWeight(part.weights[index]));
    });
  }
  return sorted(sums);
}

/**
 * Sum over the ids that both have of the product of their weights; 0 when they share none.
 * Symmetric. Not normalised: a short question scores only about 0.2 with itself.
 *
 * Throws `invalid-input` for weights that are not finite, `dimension-mismatch` for unequal lengths.
 */
export function lexicalScore(left: LexicalWeights, right: LexicalWeights): number {
  checkLengths(left.ids, left.weights);
  checkLengths(right.ids, right.weights);
  let score = 0;
  let [from, to] = [0, 0];
  while (from < left.ids.length && to < right.ids.length) {
    const difference = (left.ids[from] ?? 0) - (right.ids[to] ?? 0);
    if (difference === 0) score += (left.weights[from] ?? 0) * (right.weights[to] ?? 0);
    if (difference <= 0) from++;
    if (difference >= 0) to++;
  }
  return checkedWeight(score);
}

function raise(largest: Map<number, number>, id: number, weight: number): void {
  if (weight > (largest.get(id) ?? 0)) largest.set(id, weight);
}

function sorted(largest: ReadonlyMap<number, number>): LexicalWeights {
  // Typed arrays sort by number.
  const ids = Uint32Array.from(largest.keys()).sort();
  return { ids, weights: Float32Array.from(ids, (id) => largest.get(id) ?? 0) };
}

function checkLengths(ids: ArrayLike<unknown>, weights: ArrayLike<unknown>): void {
  if (ids.length === weights.length) return;
  throw new PhotoglotError(
    'dimension-mismatch',
    `Each token needs one weight; got ${ids.length} tokens and ${weights.length} weights.`,
  );
}

function checkedId(id: number | bigint | undefined): number {
  const number = Number(id);
  if (Number.isInteger(number) && number >= 0 && number < 2 ** 32) return number;
  throw new PhotoglotError(
    'invalid-input',
    `A token id must be an integer from 0 to ${2 ** 32 - 1}; got ${id}.`,
  );
}

function checkedWeight(weight: number | undefined): number {
  if (weight !== undefined && Number.isFinite(weight)) return weight;
  throw new PhotoglotError('invalid-input', `A token's weight must be finite; got ${weight}.`);
}
