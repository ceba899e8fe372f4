import { normalise } from '../core/normalise';
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import { decodeVector } from './golden-vectors';
import type { ModelManifest } from './manifest';

/** How a model's cosines are to be read; null where its manifest, once checked, does not say. */
export function relevanceCalibration({
  calibration,
}: Pick<ModelManifest, 'calibration'>): RelevanceCalibration | null {
  if (calibration?.background === undefined) return null;
  const { vector, scale, bias } = calibration.background;
  const background = normalise(decodeVector(vector));
  return background === null ? null : { background, scale, bias };
}
