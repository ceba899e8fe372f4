/** From a model's name to a lens: manifest, then both towers side by side. */
import { toPhotoglotError } from '../errors';
import type { ModelManifest } from '../models/manifest';
import { pickVariant } from '../models/pick-variant';
import type { StoreContract } from '../protocol/store-contract';
import type { ImageTowerContract, TextTowerContract, TowerInfo } from '../protocol/tower-contract';
import type { Lens, LensInfo, LensOptions } from './api';
import { LocalLens } from './lens';
import { gpuFeatures } from './gpu-features';
import { checkLensOptions, type CheckedLensOptions } from './lens-options';
import { LoadMeter } from './load-meter';
import { spawnImageWorker, spawnStoreWorker, spawnTextWorker } from './spawn';
import { TowerEncoders } from './tower-encoders';
import { TowerLink } from './tower-link';
import { untilAborted } from './until-aborted';
import { WorkerLink } from './worker-link';

/**
 * Loads a model and resolves when it is ready to encode. Files come from the browser's cache once
 * they were downloaded. Rejects with a `PhotoglotError`, and then leaves no worker behind.
 *
 * @example
 * const lens = await createLens({ model: 'mini' });
 * const photos = await lens.open('holiday');
 * await photos.add(files);
 * const { hits } = await photos.search('собака на пляже');
 */
export async function createLens(options: LensOptions): Promise<Lens> {
  const checked = checkLensOptions(options);
  const text = new TowerLink<TextTowerContract>(spawnTextWorker);
  const image = new TowerLink<ImageTowerContract>(spawnImageWorker);
  const disposeTowers = (): void => {
    text.dispose();
    image.dispose();
  };
  try {
    const { manifest, info } = await loadTowers(checked, text, image);
    return new LocalLens({
      info,
      encoders: new TowerEncoders(manifest, text, image),
      store: new WorkerLink<StoreContract>(spawnStoreWorker),
      disposeTowers,
    });
  } catch (thrown) {
    disposeTowers();
    throw toPhotoglotError(thrown);
  }
}

interface LoadedModel {
  readonly manifest: ModelManifest;
  readonly info: LensInfo;
}

async function loadTowers(
  { modelUrl, ortUrl, device, dtype, onProgress, signal }: CheckedLensOptions,
  text: TowerLink<TextTowerContract>,
  image: TowerLink<ImageTowerContract>,
): Promise<LoadedModel> {
  const meter = new LoadMeter(onProgress);
  const manifest = await text.link.call('manifest', { modelUrl }, { signal });
  const features =
    device === 'webgpu' ? await untilAborted(gpuFeatures(), signal) : new Set<string>();
  const variants = {
    text: pickVariant(manifest.text.backends, { device, features, dtype: dtype.text }),
    image: pickVariant(manifest.image.backends, { device, features, dtype: dtype.image }),
  };
  meter.begin(manifest, Object.values(variants));
  const load = { manifest, modelUrl, ortUrl, device };
  const options = { signal, onProgress: meter.add };
  const [textInfo, imageInfo] = await Promise.all([
    text.load(
      (link, given) => link.call('load', { ...load, variant: variants.text }, given),
      options,
    ),
    image.load(
      (link, given) => link.call('load', { ...load, variant: variants.image }, given),
      options,
    ),
  ]);
  await text.link.call('keepManifest', { modelUrl, manifest }, { signal });
  meter.finish();
  return { manifest, info: infoOf(manifest, device, textInfo, imageInfo) };
}

function infoOf(
  { id, version, dimension, licence }: ModelManifest,
  device: LensInfo['device'],
  text: TowerInfo,
  image: TowerInfo,
): LensInfo {
  return { model: id, version, dimension, device, text, image, licence };
}
