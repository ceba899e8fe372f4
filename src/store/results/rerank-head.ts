import type { FoundItem } from './found-item';

/**
 * Orders those hits anew that have a score by which they can be compared, at the places which they hold
 * together; the others keep theirs. So what has no such score, as pictures without text, neither gains nor
 * loses by that, and scores of two scales are never compared.
 *
 * @param scoreOf of hits that have one; undefined for the others
 */
export function rerankHead<Hit extends FoundItem>(
  hits: readonly Hit[],
  scoreOf: (hit: Hit) => number | undefined,
): Hit[] {
  const scored = hits
    .flatMap((hit) => {
      const score = scoreOf(hit);
      return score === undefined ? [] : { hit, score };
    })
    .sort((left, right) => right.score - left.score);
  let next = 0;
  return hits.map((hit) => (scoreOf(hit) === undefined ? hit : (scored[next++]?.hit ?? hit)));
}
