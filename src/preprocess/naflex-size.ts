/**
 * The size that SigLIP 2 NaFlex gives a picture: `get_image_size_for_max_num_patches` of
 * transformers 5.23 (models/siglip2/image_processing_pil_siglip2.py), which follows big_vision
 * (proj/image_text/ops_naflex.py).
 */
import type { PatchesPreprocessing } from '../core/geometry';

/** The bisection ends when the scale is known to this. */
const EPSILON = 1e-5;
/** No side grows more than this many times. */
const MAX_SCALE = 100;

/**
 * The largest width and height, multiples of a patch, of a picture of `width` × `height` pixels
 * scaled such that its patches are at most `maxPatches`.
 *
 * Sides are rounded up, so that a border between two grids can lie at any scale: what the last
 * bits of the scale are decides. Hence the same float64 operations in the same order as the
 * reference, and no closed formula.
 */
export function naflexSize(
  { patch, maxPatches }: Omit<PatchesPreprocessing, 'kind'>,
  width: number,
  height: number,
): { width: number; height: number } {
  let fits = EPSILON / 10;
  let exceeds = MAX_SCALE;
  while (exceeds - fits >= EPSILON) {
    const scale = (fits + exceeds) / 2;
    const rows = scaledSide(height, scale, patch) / patch;
    const columns = scaledSide(width, scale, patch) / patch;
    if (rows * columns <= maxPatches) fits = scale;
    else exceeds = scale;
  }
  return { width: scaledSide(width, fits, patch), height: scaledSide(height, fits, patch) };
}

function scaledSide(side: number, scale: number, patch: number): number {
  return Math.max(patch, Math.ceil((side * scale) / patch) * patch);
}
