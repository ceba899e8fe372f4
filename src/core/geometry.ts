/** How a picture becomes pixels of the size that an image tower takes, as a manifest says it. */

/** Pixels of a fixed size: the whole picture squeezed, or its centre. */
export interface FixedPreprocessing {
  readonly kind: 'fixed';
  readonly width: number;
  readonly height: number;
  /** `squash`: both sides resized to the target. `crop`: the centre, of the target's aspect, `fraction` of the side. */
  readonly fit: 'squash' | 'crop';
  /** For `crop`: how much of the shorter side is kept, 0–1. @default 1 */
  readonly fraction?: number;
}

/** Pixels of the picture's own aspect: both sides multiples of `multiple`, area as near to `area` as it goes. */
export interface AreaPreprocessing {
  readonly kind: 'area';
  /** Pixels. */
  readonly area: number;
  readonly multiple: number;
  /** Longest allowed side over shortest; a longer picture is squeezed to it. */
  readonly maxAspect: number;
}

/**
 * Pixels of nearly the picture's own aspect, handed over as a list of square patches (NaFlex): as
 * many as fit, but at most `maxPatches`.
 */
export interface PatchesPreprocessing {
  readonly kind: 'patches';
  /** Side of a patch in pixels: 16 for SigLIP 2. */
  readonly patch: number;
  /** Patches per picture, ≥ 1: 256 for SigLIP 2; more see finer detail and take longer. */
  readonly maxPatches: number;
}

/** How a picture becomes the tower's input. */
export type Geometry = FixedPreprocessing | AreaPreprocessing | PatchesPreprocessing;
