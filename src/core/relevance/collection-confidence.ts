import { dotProduct } from '../dot-product';
import { normalise } from '../normalise';
import { sigmoid, UNKNOWN, type Confidence } from './confidence';
import { partialCosine } from './partial-cosine';

/** Rows that a background is taken from. More make it hardly better. */
export const SAMPLE_ROWS = 256;
/** Fewer say too little: their mean is half of what they are themselves. */
const FEWEST_ROWS = 64;

/**
 * `sigmoid(SCALE · deviation + BIAS)`, fitted to the names and pictures of `mini` that its
 * evaluation does not score. A deviation has no unit, so that other models can be held to it.
 */
const SCALE = 0.894;
const BIAS = -5.584;

/** Share of a normal distribution that is more than one deviation below its median. */
const ONE_BELOW = 0.1587;

/** Some rows of a collection, and what they have in common. */
export interface CollectionBackground {
  /** Unit rows, one behind the other. */
  readonly rows: Float32Array;
  /** Their mean, brought to length 1. */
  readonly mean: Float32Array;
  /** Of each row, the cosine with the mean. */
  readonly shared: Float32Array;
}

/**
 * What a sample of a collection tells of it; null when it is too small, or its rows cancel out.
 *
 * @param rows unit rows of `dimension`, one behind the other
 */
export function collectionBackground(
  rows: Float32Array,
  dimension: number,
): CollectionBackground | null {
  const count = rows.length / dimension;
  if (count < FEWEST_ROWS) return null;
  const sum = new Float32Array(dimension);
  rows.forEach((value, index) => {
    const column = index % dimension;
    sum[column] = (sum[column] ?? 0) + value;
  });
  const mean = normalise(sum);
  if (mean === null) return null;
  const shared = Float32Array.from({ length: count }, (_, row) =>
    dotProduct(rows, row * dimension, mean, 0, dimension),
  );
  return { rows, mean, shared };
}

/**
 * Confidence by how far an item stands out from the query's partial cosines with the collection, for
 * models that bring no calibration: in deviations from the median. The deviation is that of the
 * lower half, which the items that a query finds do not widen.
 *
 * It takes the collection for a sample of the world. In one that is all dogs, nothing stands out
 * for “dog”; no cutoff should rest on it unasked.
 *
 * @param query unit vector
 * @param background null for a collection of which nothing is known
 */
export function collectionConfidence(
  query: Float32Array,
  background: CollectionBackground | null,
): Confidence {
  if (background === null) return () => UNKNOWN;
  const { rows, mean, shared } = background;
  const { length } = query;
  const queryShared = dotProduct(query, 0, mean, 0, length);
  const cosines = Float64Array.from(shared, (rowShared, row) =>
    partialCosine(dotProduct(rows, row * length, query, 0, length), queryShared, rowShared),
  ).sort();
  const median = quantile(cosines, 0.5);
  const deviation = median - quantile(cosines, ONE_BELOW);
  if (!(deviation > 0)) return () => UNKNOWN;
  return (item, cosine) => {
    const itemShared = dotProduct(item, 0, mean, 0, length);
    const partial = partialCosine(cosine, queryShared, itemShared);
    return sigmoid((SCALE * (partial - median)) / deviation + BIAS);
  };
}

/** Of ascending numbers; between two of them, linearly. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  const high = sorted[below + 1] ?? low;
  return low + (place - below) * (high - low);
}
