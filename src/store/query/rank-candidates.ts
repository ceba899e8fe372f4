/** One ranking of what several signals found. */
import { reciprocalRankFusion } from '../../core/fusion/reciprocal-rank-fusion';
import { weightedMean } from '../../core/fusion/weighted-mean';
import { lexicalScore, type LexicalWeights } from '../../core/lexical-weights';
import type { Fusion, StoreQuery } from '../../protocol/store-query';
import type { FoundItem } from '../results/found-item';
import type { Candidate, Candidates } from './find-candidates';

/**
 * Best first; of equal scores the lower row. What a single signal found has its score.
 *
 * With weights, each signal counts from 0 to 1: `dense` by the confidence of its cosine, as cosines of texts
 * and of pictures are of two scales; `keyword` by its share of the best score, times the share of the query's
 * words that the best has, so that a query in another language, of which but a preposition is found, is not
 * decided by that; `sparse` by its share of what the query scores with itself.
 */
export function rankCandidates(
  candidates: Candidates,
  { fusion, sparse }: Pick<StoreQuery, 'fusion' | 'sparse'>,
): FoundItem[] {
  const scoreOf = scorer(candidates, fusion, sparse);
  return candidates.all
    .map((candidate) => ({ ...candidate, score: scoreOf(candidate) }))
    .sort((left, right) => right.score - left.score || left.row - right.row);
}

type Scorer = (candidate: Candidate) => number;

function scorer(
  { all, rankings }: Candidates,
  fusion: Fusion,
  sparse: LexicalWeights | null,
): Scorer {
  if (rankings.length < 2) {
    return ({ scores }) => scores.dense ?? scores.keyword ?? scores.sparse ?? 0;
  }
  if (fusion === 'rrf') {
    const fused = reciprocalRankFusion(rankings);
    return ({ row }) => fused.get(row) ?? 0;
  }
  const weights = { dense: 0, keyword: 0, sparse: 0, ...fusion };
  const bestScore = largest(all.map(({ scores }) => scores.keyword ?? 0));
  const bestCoverage = largest(all.map(({ coverage }) => coverage));
  const ownScore = sparse === null ? 0 : lexicalScore(sparse, sparse);
  return ({ scores, likelihood }) =>
    weightedMean(
      {
        dense: likelihood ?? undefined,
        keyword: scaled(scores.keyword, bestCoverage / bestScore),
        sparse: scaled(scores.sparse, 1 / ownScore),
      },
      weights,
    );
}

/** The factor is not finite where all scores are 0. */
function scaled(score: number | undefined, factor: number): number | undefined {
  return score === undefined || score === 0 ? score : Math.min(1, score * factor);
}

function largest(values: readonly number[]): number {
  return values.reduce((left, right) => Math.max(left, right), 0);
}
