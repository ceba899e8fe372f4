/** All signals of a pair at once. */
import type { SignalScores } from './hybrid-score';
import { lexicalScore } from './lexical-weights';
import type { TextOutputs } from './merge-windows';
import { colbertScore, denseScore } from './vector-scores';

/**
 * What each signal says of a query and a passage, for {@link hybridScore}. A signal that either side
 * lacks is absent; a picture is `{ dense, sparse: null, colbert: null }`. Throws what the scores throw.
 */
export function signalScores(query: TextOutputs, passage: TextOutputs): SignalScores {
  return {
    dense: denseScore(query.dense, passage.dense),
    sparse: query.sparse && passage.sparse ? lexicalScore(query.sparse, passage.sparse) : undefined,
    colbert:
      query.colbert && passage.colbert ? colbertScore(query.colbert, passage.colbert) : undefined,
  };
}
