/** Which files of a model the device loads. */
import type { Backend, ModelManifest, TowerVariant } from '../models/manifest';
import { pickVariant } from '../models/pick-variant';
import { gpuFeatures } from './gpu-features';
import type { LoadPlan } from './load-plan';
import { smallestVariant } from './smallest-variant';

/** A variant for each tower; rejects with `backend-unavailable`. */
export async function pickVariants(
  { text, image, files }: ModelManifest,
  device: Backend,
  { dtype, smallest }: Pick<LoadPlan, 'dtype' | 'smallest'>,
): Promise<{ readonly text: TowerVariant; readonly image: TowerVariant }> {
  const features = device === 'webgpu' ? await gpuFeatures() : new Set<string>();
  const able = { device, features };
  if (smallest) {
    return {
      text: smallestVariant(text.backends, files, able),
      image: smallestVariant(image.backends, files, able),
    };
  }
  return {
    text: pickVariant(text.backends, { ...able, dtype: dtype.text }),
    image: pickVariant(image.backends, { ...able, dtype: dtype.image }),
  };
}
