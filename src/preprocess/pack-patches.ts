/** Bytes to the image tower's input, as lists of patches (SigLIP 2 NaFlex); pack.ts makes planes. */
import { PhotoglotError } from '../errors';
import { LEVELS, normalisationTable, type Normalisation } from './normalisation-table';

/** A picture of its target's size. */
export interface SizedPicture {
  /** 3 · width · height RGB bytes, row by row. */
  readonly rgb: Uint8ClampedArray;
  /** Pixels, a multiple of the patch. */
  readonly width: number;
  /** Pixels, a multiple of the patch. */
  readonly height: number;
}

export interface PatchOptions extends Normalisation {
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Patches per picture, padding included. @default those of the largest picture */
  readonly patches?: number;
}

/** Pictures side by side, each padded to `patches` patches. */
export interface PatchBatch {
  readonly count: number;
  readonly patches: number;
  /**
   * `[count, patches, patch · patch · 3]` float32: the patches of a picture row by row, in each
   * the pixels row by row, in each the channels. Padding is 0, which no normalisation touches.
   */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** `[count, patches]` int64: 1 for a patch, 0 for padding. */
  readonly mask: BigInt64Array<ArrayBuffer>;
  /** `[count, 2]` int64: rows and columns of patches. */
  readonly shapes: BigInt64Array<ArrayBuffer>;
}

/** Packs pictures of any sizes; throws `internal` for one that is not cut to fit. */
export function packPatches(
  pictures: readonly SizedPicture[],
  { patch, patches: given, ...normalisation }: PatchOptions,
): PatchBatch {
  const counts = pictures.map((picture) => patchesOf(picture, patch));
  const largest = counts.reduce((most, count) => Math.max(most, count), 0);
  const patches = given ?? largest;
  if (largest > patches) {
    const message = `A picture has ${largest} patches; the batch was to have at most ${patches}. Resize it to fewer.`;
    throw new PhotoglotError('internal', message);
  }
  const pixels = new Float32Array(pictures.length * patches * patch * patch * 3);
  const mask = new BigInt64Array(pictures.length * patches);
  const shapes = new BigInt64Array(pictures.length * 2);
  const table = normalisationTable(normalisation);
  pictures.forEach((picture, index) => {
    const first = index * patches;
    cut(picture, patch, table, pixels, first * patch * patch * 3);
    mask.fill(1n, first, first + (counts[index] ?? 0));
    shapes[2 * index] = BigInt(picture.height / patch);
    shapes[2 * index + 1] = BigInt(picture.width / patch);
  });
  return { count: pictures.length, patches, pixels, mask, shapes };
}

function patchesOf({ rgb, width, height }: SizedPicture, patch: number): number {
  if (width % patch !== 0 || height % patch !== 0 || rgb.length !== 3 * width * height) {
    const message = `A picture of ${width} × ${height} pixels has ${rgb.length} bytes; expected 3 per pixel, and sides that ${patch} divides.`;
    throw new PhotoglotError('internal', message);
  }
  return (width / patch) * (height / patch);
}

/** Writes the patches of a picture one after the other, from `start` on. */
function cut(
  { rgb, width, height }: SizedPicture,
  patch: number,
  table: Float32Array,
  output: Float32Array,
  start: number,
): void {
  const line = 3 * width;
  const run = 3 * patch;
  let to = start;
  for (let top = 0; top < height; top += patch) {
    for (let left = 0; left < line; left += run) {
      // Within a patch, a row is a run of bytes both here and there.
      for (let y = top; y < top + patch; y++) {
        const begin = y * line + left;
        for (let from = begin; from < begin + run; from += 3) {
          output[to] = table[rgb[from] as number] as number;
          output[to + 1] = table[LEVELS + (rgb[from + 1] as number)] as number;
          output[to + 2] = table[2 * LEVELS + (rgb[from + 2] as number)] as number;
          to += 3;
        }
      }
    }
  }
}
