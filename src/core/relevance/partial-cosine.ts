/**
 * How alike two unit vectors are beyond what they share with everything: their cosine after the
 * components along `background` are taken out of both. It is to a cosine what a partial
 * correlation is to a correlation.
 *
 * Texts and pictures of such models lie in a cone: every vector has much of one mean direction
 * (Ethayarajh 2019, https://aclanthology.org/D19-1006; Mu & Viswanath 2018,
 * https://arxiv.org/abs/1702.01417 remove it). A text that means little to the model, and a picture
 * with little on it, consist of that direction mostly, and have a high cosine with one another.
 *
 * @param cosine of the two vectors
 * @param left cosine of the one and the background
 * @param right cosine of the other and the background
 * @returns −1…1; 0 where a vector is nothing but background
 */
export function partialCosine(cosine: number, left: number, right: number): number {
  const rest = Math.sqrt(restOf(left) * restOf(right));
  return rest === 0 ? 0 : Math.min(1, Math.max(-1, (cosine - left * right) / rest));
}

/** Of what is left of a unit vector, the squared length; below float32's rounding there is nothing. */
function restOf(share: number): number {
  const squared = 1 - share * share;
  return squared < 1e-6 ? 0 : squared;
}
