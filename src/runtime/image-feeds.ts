/** Prepared pictures as the inputs of an image tower's graph. */
import { PhotoglotError } from '../errors';
import type { ImageTower } from '../models/manifest';
import { packPlanes } from '../preprocess/pack';
import { packPatches, type SizedPicture } from '../preprocess/pack-patches';
import type { TensorInput } from './tower-session';

/**
 * Pictures of equal shape can share a run; patches are padded, so theirs may differ. Not those of
 * different limits: the padding would take away what the lower one saves.
 */
export function shapeOf(
  { geometry }: Pick<ImageTower, 'geometry'>,
  { width, height }: Pick<SizedPicture, 'width' | 'height'>,
  patches: number | null,
): string {
  if (geometry.kind !== 'patches') return `${width}x${height}`;
  return `at most ${Math.min(patches ?? geometry.maxPatches, geometry.maxPatches)} patches`;
}

/** What a picture takes of a run, as a share of what the largest one does: patches where it is a list of them. */
export function costOf(
  { geometry }: Pick<ImageTower, 'geometry'>,
  { width, height }: Pick<SizedPicture, 'width' | 'height'>,
): number {
  if (geometry.kind !== 'patches') return 1;
  return (width * height) / geometry.patch ** 2 / geometry.maxPatches;
}

/** Inputs for pictures of one shape, by their names in the graph. */
export function imageFeeds(
  tower: ImageTower,
  pictures: readonly SizedPicture[],
): Readonly<Record<string, TensorInput>> {
  return tower.geometry.kind === 'patches'
    ? patchFeeds(tower, tower.geometry.patch, pictures)
    : planeFeeds(tower, pictures);
}

function planeFeeds(
  tower: ImageTower,
  pictures: readonly SizedPicture[],
): Readonly<Record<string, TensorInput>> {
  const [{ width, height } = { width: 0, height: 0 }] = pictures;
  const bytes = pictures.map(({ rgb }) => rgb);
  const data = packPlanes(bytes, width * height, tower);
  const dims = [pictures.length, 3, height, width];
  return { [tower.inputs.pixels]: { type: 'float32', data, dims } };
}

function patchFeeds(
  { inputs, mean, std }: ImageTower,
  patch: number,
  pictures: readonly SizedPicture[],
): Readonly<Record<string, TensorInput>> {
  if (inputs.mask === undefined || inputs.shapes === undefined) {
    throw new PhotoglotError(
      'manifest-invalid',
      'A tower of patches needs inputs for mask and shapes.',
    );
  }
  const { count, patches, pixels, mask, shapes } = packPatches(pictures, { patch, mean, std });
  const values = 3 * patch * patch;
  return {
    [inputs.pixels]: { type: 'float32', data: pixels, dims: [count, patches, values] },
    [inputs.mask]: { type: 'int64', data: mask, dims: [count, patches] },
    [inputs.shapes]: { type: 'int64', data: shapes, dims: [count, 2] },
  };
}
