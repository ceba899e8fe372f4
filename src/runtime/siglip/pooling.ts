/**
 * Attention of one query over a picture's patches: SigLIP's multihead attention pooling (Zhai et al.
 * 2023, arXiv 2303.15343; `Siglip2MultiheadAttentionPoolingHead` of transformers). It is a thousandth
 * of the work, so plain code does.
 */
import { dotProduct } from '../../core/dot-product';

export interface PooledPatches {
  /** [width], already divided by √d. */
  readonly query: Float32Array;
  /** [patches, 2 · width]: keys, then values. */
  readonly keysAndValues: Float32Array;
  readonly patches: number;
  readonly heads: number;
}

/** [width] into `out`. */
export function poolPatches(
  { query, keysAndValues, patches, heads }: PooledPatches,
  out: Float32Array,
): void {
  const width = query.length;
  const depth = width / heads;
  out.fill(0);
  for (let head = 0; head < heads; head++) {
    const first = head * depth;
    const scores = Float32Array.from({ length: patches }, (_, patch) =>
      dotProduct(keysAndValues, patch * 2 * width + first, query, first, depth),
    );
    const most = scores.reduce((larger, score) => Math.max(larger, score), -Infinity);
    const shares = scores.map((score) => Math.exp(score - most));
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (let patch = 0; patch < patches; patch++) {
      const share = (shares[patch] as number) / total;
      const value = (patch * 2 + 1) * width + first;
      for (let index = 0; index < depth; index++) {
        out[first + index] =
          (out[first + index] as number) + share * (keysAndValues[value + index] as number);
      }
    }
  }
}
