/**
 * One score of several signals: the weighted mean that FlagEmbedding's `compute_score` gives, over
 * the signals that both sides have.
 */
import { PhotoglotError } from '../errors';

/** The ways in which a model may compare two items. */
export const SIGNALS = ['dense', 'sparse', 'colbert'] as const;

/** One of {@link SIGNALS}. */
export type Signal = (typeof SIGNALS)[number];

/**
 * What each signal says of a pair. One that either side lacks is absent: a picture has `dense`
 * only.
 *
 * Cosines of texts with pictures are lower than those of texts with texts. To rank pictures among
 * captions, bring the scores to one scale first: else any caption beats any picture.
 */
export type SignalScores = Readonly<Partial<Record<Signal, number | undefined>>>;

/** How much each signal counts: finite, not negative, at least one not 0. */
export type SignalWeights = Readonly<Record<Signal, number>>;

/**
 * What the reference uses when it is told nothing. Its README's example is dense 0.4, sparse 0.2,
 * colbert 0.4; the model was trained with 1, 0.3, 1.
 */
export const DEFAULT_SIGNAL_WEIGHTS: SignalWeights = { dense: 1, sparse: 1, colbert: 1 };

/**
 * Σ weight · score ÷ Σ weight, over the signals present. Throws `invalid-input` for weights or
 * scores that are not finite, for negative weights, and when the signals present have no weight.
 */
export function hybridScore(
  scores: SignalScores,
  weights: SignalWeights = DEFAULT_SIGNAL_WEIGHTS,
): number {
  checkWeights(weights);
  let [sum, total] = [0, 0];
  for (const signal of SIGNALS) {
    const score = scores[signal];
    if (score === undefined) continue;
    if (!Number.isFinite(score)) {
      throw invalid(`The ${signal} score must be a finite number; got ${score}.`);
    }
    sum += weights[signal] * score;
    total += weights[signal];
  }
  if (total > 0) return sum / total;
  const present = SIGNALS.filter((signal) => scores[signal] !== undefined).join(', ') || 'none';
  throw invalid(
    `At least one signal that a pair has must have a weight above 0; it has: ${present}.`,
  );
}

function checkWeights(weights: SignalWeights): void {
  for (const signal of SIGNALS) {
    const weight = weights[signal];
    if (!Number.isFinite(weight) || weight < 0) {
      throw invalid(`The ${signal} weight must be finite and not negative; got ${weight}.`);
    }
  }
  if (SIGNALS.every((signal) => weights[signal] === 0)) {
    throw invalid('At least one weight must be above 0; all are 0.');
  }
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
