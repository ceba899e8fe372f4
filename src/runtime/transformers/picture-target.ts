/** What the image processor of a model of transformers.js makes of a picture's size. */
import { PhotoglotError } from '../../errors';
import type { PictureTarget } from '../prepare-picture';

/** Fields of transformers.js's `ImageProcessor`, as its class has read `preprocessor_config.json`. */
export interface ProcessorFields {
  readonly do_resize?: unknown;
  readonly size?: unknown;
  readonly do_center_crop?: unknown;
  readonly crop_size?: unknown;
  readonly resample?: unknown;
}

/** Of the filters that exist here, bicubic is the nearer one to all others, which are sharp as well. */
const BILINEAR = 2;
const WHITE = [255, 255, 255] as const;

/**
 * The size at which the processor has nothing left to resize. Pictures are brought to it here, with
 * the filter of Python's processors: transformers.js draws them on a canvas, which takes no
 * filter, and makes large pictures coarse. What comes after, a crop included, stays the
 * processor's. Throws `session-failed` for a processor that it does not understand.
 */
export function pictureTarget(processor: ProcessorFields): Omit<PictureTarget, 'batch'> {
  const { do_resize, size, do_center_crop, crop_size, resample } = processor;
  const sides = sidesOf(size);
  if (do_resize === false || sides === null) throw notUnderstood(processor);
  const filter = resample === BILINEAR ? 'bilinear' : 'bicubic';
  if (sides.kind === 'both') {
    const { width, height } = sides;
    return { geometry: { kind: 'fixed', width, height, fit: 'squash' }, filter, background: WHITE };
  }
  const { shortest } = sides;
  const crop = sidesOf(crop_size);
  const isWithin =
    crop !== null &&
    (crop.kind === 'both' ? Math.max(crop.width, crop.height) : crop.shortest) <= shortest;
  // A crop of the middle of the shortest side's square needs no more than that square.
  if (do_center_crop !== true || !isWithin) throw notUnderstood(processor);
  return {
    geometry: { kind: 'fixed', width: shortest, height: shortest, fit: 'crop' },
    filter,
    background: WHITE,
  };
}

type Sides =
  | { readonly kind: 'both'; readonly width: number; readonly height: number }
  | { readonly kind: 'shortest'; readonly shortest: number };

/** `224`, `{ shortest_edge }` or `{ width, height }`. */
function sidesOf(value: unknown): Sides | null {
  if (isSide(value)) return { kind: 'shortest', shortest: value };
  if (typeof value !== 'object' || value === null) return null;
  const { width, height, shortest_edge, longest_edge } = value as Record<string, unknown>;
  if (isSide(width) && isSide(height)) return { kind: 'both', width, height };
  if (isSide(shortest_edge) && longest_edge === undefined) {
    return { kind: 'shortest', shortest: shortest_edge };
  }
  return null;
}

function isSide(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function notUnderstood({ size, do_resize, do_center_crop, crop_size }: ProcessorFields): Error {
  const got = JSON.stringify({ do_resize, size, do_center_crop, crop_size });
  return new PhotoglotError(
    'session-failed',
    'The preprocessor_config.json of this model is none that is known here: expected a size of ' +
      `width and height, or a shortest edge and a crop within it; got ${got}.`,
  );
}
