/**
 * Σ weight · score ÷ Σ weight, over the signals present: what an item has no signal for neither helps nor
 * harms it. 0 when those present have no weight.
 *
 * @param scores of one scale, such as 0…1; undefined for a signal that is absent
 * @param weights not negative
 */
export function weightedMean<Signal extends string>(
  scores: Readonly<Partial<Record<Signal, number | undefined>>>,
  weights: Readonly<Record<Signal, number>>,
): number {
  let [sum, total] = [0, 0];
  for (const signal of Object.keys(weights) as Signal[]) {
    const score = scores[signal];
    if (score === undefined) continue;
    sum += weights[signal] * score;
    total += weights[signal];
  }
  return total > 0 ? sum / total : 0;
}
