import { dotProduct } from '../dot-product';
import { sigmoid, type Confidence } from './confidence';
import { partialCosine } from './partial-cosine';

/** What a model's maker knows of its cosines. */
export interface RelevanceCalibration {
  /** What all pictures have in common: a unit vector of the model's dimension. */
  readonly background: Float32Array<ArrayBuffer>;
  /** `sigmoid(scale · partial cosine + bias)` is the confidence in a collection of 500 items or more. */
  readonly scale: number;
  readonly bias: number;
}

/** Items of the collections that models are calibrated on. */
const CALIBRATED_ITEMS = 500;
/** Fewer are no easier: a search returns as many, so that no choice is made among them. */
const FEWEST_ITEMS = 20;
/**
 * The best wrong item of many is better than that of few, so the same cosine says more in a small
 * collection: its odds go with the number of items to this power. It would be 1 if the cosines of
 * wrong items fell off exponentially; this is fitted to `mini` with 5 to 500 items. Above 500 nothing
 * changes: a larger collection of photos has more right ones, too.
 */
const ITEMS_POWER = 0.83;

/**
 * Confidence by the model: what else is in the collection does not matter, only how much it is, and
 * that only while it is little. So ten pictures of dogs are found by “dog”, and none by “airplane”.
 *
 * @param query unit vector
 * @param items of the collection
 */
export function modelConfidence(
  query: Float32Array,
  { background, scale, bias }: RelevanceCalibration,
  items: number,
): Confidence {
  const { length } = background;
  const shared = dotProduct(query, 0, background, 0, length);
  const counted = Math.min(CALIBRATED_ITEMS, Math.max(FEWEST_ITEMS, items));
  const offset = bias + ITEMS_POWER * Math.log(CALIBRATED_ITEMS / counted);
  return (item, cosine) => {
    const itemShared = dotProduct(item, 0, background, 0, length);
    return sigmoid(scale * partialCosine(cosine, shared, itemShared) + offset);
  };
}
