import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import { PhotoglotError } from '../errors';

/** From here on a hit is rather right than wrong. */
const RATHER_RIGHT = 0.5;

/**
 * The confidence that a hit must have. Unasked, nothing is cut of a query without text, which asks for
 * what is similar, and not for what is right; and nothing for a model without calibration, whose
 * confidence is an estimate, and a wrong one where all of a collection is alike.
 *
 * @throws `invalid-input`
 */
export function leastConfidence(
  cutoff: number | 'auto',
  calibration: RelevanceCalibration | null,
  hasText: boolean,
): number {
  if (cutoff === 'auto') return calibration === null || !hasText ? 0 : RATHER_RIGHT;
  // Callers without types pass anything.
  if (typeof cutoff === 'number' && cutoff >= 0 && cutoff <= 1) return cutoff;
  throw new PhotoglotError(
    'invalid-input',
    `The cutoff must be "auto" or a number of 0…1; got ${String(cutoff)}.`,
  );
}
