/** From a model that transformers.js runs to a lens. */
import { PhotoglotError, toPhotoglotError } from '../errors';
import type { StoreContract } from '../protocol/store-contract';
import type { TowerInfo } from '../protocol/tower-contract';
import {
  TRANSFORMERS_PICTURES_PER_RUN,
  type LoadTransformersTower,
  type TransformersFile,
  type TransformersLoad,
  type TransformersTowerInfo,
} from '../protocol/transformers-contract';
import type { Lens, LensInfo } from './api';
import { LocalLens } from './lens';
import { RenewingEncoders } from './renewing-encoders';
import { spawnStoreWorker } from './spawn';
import { spawnTransformers } from './spawn-transformers';
import { TowerEncoders } from './tower-encoders';
import { TowerPair } from './tower-pair';
import { TransformersMeter } from './transformers-meter';
import {
  checkTransformersOptions,
  type CheckedTransformersOptions,
  type TransformersLensOptions,
} from './transformers-options';
import { WorkerLink } from './worker-link';

/**
 * Loads a CLIP or SigLIP model by `@huggingface/transformers`, each half in a worker of its own, and
 * resolves to a lens like that of `createLens`. The library brings the files and keeps them in its
 * own cache, unverified; ONNX Runtime comes from `wasmPaths`.
 *
 * Rejects with `backend-unavailable` when the library or the device is not there,
 * `model-not-found`, `network`, `session-failed` for a model that is none of these or does not
 * load, `invalid-input`, `dimension-mismatch` when the halves do not share a space, or `aborted`;
 * and then leaves no worker behind.
 *
 * @example
 * const lens = await createTransformersLens({
 *   model: 'Xenova/clip-vit-base-patch16',
 *   wasmPaths: '/transformers-ort/',
 * });
 */
export async function createTransformersLens(options: TransformersLensOptions): Promise<Lens> {
  const checked = checkTransformersOptions(options);
  const { memory, unloadAfter } = checked;
  const spawn = spawnTransformers;
  const towers = new TowerPair<LoadTransformersTower>({ memory, unloadAfter, spawn });
  try {
    const info = await loadTowers(checked, towers);
    const { model: id, version, dimension } = info;
    const model = { id, version, dimension, image: { batch: TRANSFORMERS_PICTURES_PER_RUN } };
    const encoders = new TowerEncoders(model, towers.text, towers.image);
    return new LocalLens({
      info,
      encoders: new RenewingEncoders(encoders, towers),
      store: new WorkerLink<StoreContract>(spawnStoreWorker),
      towers,
      // Its files are not in the SDK's cache: there is nothing to let go of.
      model: { release: () => undefined },
    });
  } catch (thrown) {
    towers.dispose();
    throw toPhotoglotError(thrown);
  }
}

async function loadTowers(
  checked: CheckedTransformersOptions,
  towers: TowerPair<LoadTransformersTower>,
): Promise<LensInfo> {
  const { load, dtype, id, revision, signal } = checked;
  const meter = new TransformersMeter(checked.onProgress);
  let onProgress: ((file: TransformersFile) => void) | undefined = meter.file;
  const seen: TransformersTowerInfo[] = [];
  const argsOf = (tower: 'text' | 'image'): TransformersLoad => ({
    ...load,
    dtype: dtype[tower] ?? null,
  });
  const noted = (info: TransformersTowerInfo): TowerInfo => {
    const [first = info] = seen;
    if (info.dimension !== first.dimension) throw unequal(first.dimension, info.dimension);
    if (first === info) seen.push(info);
    const { provider, dtype: used, threads, sessionMs } = info;
    return { provider, dtype: used, threads, sessionMs };
  };
  const { text, image } = await towers.load(
    {
      text: async (link, given) =>
        noted(await link.call('load', argsOf('text'), { ...given, onProgress })),
      image: async (link, given) =>
        noted(await link.call('load', argsOf('image'), { ...given, onProgress })),
    },
    { signal },
  );
  meter.finish();
  // What is loaded again later is no progress of the first time.
  onProgress = undefined;
  const { dimension, stored } = seen[0] ?? { dimension: 0, stored: false };
  return {
    model: id,
    version: `${revision}+${dtypesOf(text, image)}`,
    dimension,
    device: load.device,
    text: { ...text, reason: 'asked for', rejected: [] },
    image: { ...image, reason: 'asked for', rejected: [] },
    licence: 'unknown',
    integrity: 'unchecked',
    stored,
    safeMode: null,
  };
}

/** Part of the version: a query in one format finds what was indexed in another less well. */
function dtypesOf(text: TowerInfo, image: TowerInfo): string {
  return text.dtype === image.dtype ? text.dtype : `${text.dtype}/${image.dtype}`;
}

function unequal(one: number, other: number): PhotoglotError {
  return new PhotoglotError(
    'dimension-mismatch',
    `The towers of this model give rows of ${one} and of ${other} numbers: they share no space.`,
  );
}
