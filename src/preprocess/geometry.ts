/** Which part of a picture the image tower sees, and at what size. */
import type { AreaPreprocessing, FixedPreprocessing, Geometry } from '../core/geometry';
import { naflexSize } from './naflex-size';

/** Edges in source pixels; may lie between pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Resize the pixels of `box` to `width` × `height`. */
export interface Target {
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/** What becomes of a picture of `width` × `height` pixels (≥ 1 each). */
export function targetOf(geometry: Geometry, width: number, height: number): Target {
  switch (geometry.kind) {
    case 'fixed':
      return { ...sizeOf(geometry), box: fixedBox(geometry, width, height) };
    case 'area':
      return { ...areaSize(geometry, width / height), box: whole(width, height) };
    case 'patches':
      return { ...naflexSize(geometry, width, height), box: whole(width, height) };
    default:
      return geometry satisfies never;
  }
}

/** The same with at most `patches` patches, where pictures are lists of patches; null for no other limit. */
export function withPatchLimit(geometry: Geometry, patches: number | null): Geometry {
  if (geometry.kind !== 'patches' || patches === null) return geometry;
  return { ...geometry, maxPatches: Math.min(patches, geometry.maxPatches) };
}

function sizeOf({ width, height }: FixedPreprocessing): { width: number; height: number } {
  return { width, height };
}

/**
 * With a = aspect clamped to [1/maxAspect, maxAspect] and m = multiple:
 * width = max(m, m·⌊√(area·a)/m + ½⌋), height = max(m, m·⌊√(area/a)/m + ½⌋), in float64.
 */
function areaSize(
  { area, multiple, maxAspect }: AreaPreprocessing,
  aspect: number,
): { width: number; height: number } {
  const clamped = Math.min(Math.max(aspect, 1 / maxAspect), maxAspect);
  return {
    width: roundTo(Math.sqrt(area * clamped), multiple),
    height: roundTo(Math.sqrt(area / clamped), multiple),
  };
}

function roundTo(side: number, multiple: number): number {
  return Math.max(multiple, multiple * Math.floor(side / multiple + 0.5));
}

function fixedBox(geometry: FixedPreprocessing, width: number, height: number): Box {
  if (geometry.fit === 'squash') return whole(width, height);
  const { fraction = 1 } = geometry;
  // The largest box of the target's aspect that the picture holds, shrunk by the fraction.
  const scale = Math.min(width / geometry.width, height / geometry.height) * fraction;
  const left = (width - geometry.width * scale) / 2;
  const top = (height - geometry.height * scale) / 2;
  return { left, top, right: width - left, bottom: height - top };
}

function whole(width: number, height: number): Box {
  return { left: 0, top: 0, right: width, bottom: height };
}
