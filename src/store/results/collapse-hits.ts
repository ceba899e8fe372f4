import { dotProduct } from '../../core/dot-product';
import type { FoundItem } from './found-item';

/**
 * Hits without those that nearly repeat a better one, which has their ids instead. Greedy: each hit, the
 * best first, goes to the first one so far that is like it, or stays.
 *
 * @param vectors unit rows of the hits, in their order
 * @param threshold the least cosine of two that are alike
 */
export function collapseHits<Hit extends FoundItem>(
  hits: readonly Hit[],
  vectors: readonly Float32Array[],
  threshold: number,
): (Hit & { readonly duplicates: readonly string[] })[] {
  const kept: {
    readonly hit: Hit;
    readonly vector: Float32Array;
    readonly duplicates: string[];
  }[] = [];
  hits.forEach((hit, index) => {
    const vector = vectors[index] ?? new Float32Array(0);
    const like = kept.find(
      (better) => dotProduct(better.vector, 0, vector, 0, vector.length) >= threshold,
    );
    if (like === undefined) kept.push({ hit, vector, duplicates: [] });
    else like.duplicates.push(hit.item.id);
  });
  return kept.map(({ hit, duplicates }) => ({ ...hit, duplicates }));
}
