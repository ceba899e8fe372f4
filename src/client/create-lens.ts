/** From a model's name to a lens: its files, then both towers. */
import { toPhotoglotError } from '../errors';
import type { StoreContract } from '../protocol/store-contract';
import type { TowerInfo, TowerLoad } from '../protocol/tower-contract';
import type { Lens, LensInfo, LensOptions } from './api';
import { CrashGuard } from './crash-guard';
import { LocalLens } from './lens';
import type { LensModel } from './lens-model';
import { checkLensOptions, type CheckedLensOptions } from './lens-options';
import { LoadMeter } from './load-meter';
import type { LoadPlan } from './load-plan';
import { deliverPlanned } from './plan-delivery';
import { spawnStoreWorker } from './spawn';
import { TowerEncoders } from './tower-encoders';
import { TowerPair } from './tower-pair';
import { WorkerLink } from './worker-link';

/**
 * Loads a model and resolves when it is ready to encode. Files come from the browser's cache once
 * they were downloaded; a download that broke off goes on where it
 * stopped. Rejects with a `PhotoglotError`, and then leaves no worker behind.
 *
 * @example
 * const lens = await createLens({ model: 'mini' });
 * const photos = await lens.open('holiday');
 * await photos.add(files);
 * const { hits } = await photos.search('собака на пляже');
 */
export async function createLens(options: LensOptions): Promise<Lens> {
  const checked = checkLensOptions(options);
  const guard = await CrashGuard.of(checked.modelUrl);
  const meter = new LoadMeter(checked.onProgress);
  const { plan, model } = await deliverPlanned(checked, guard, meter);
  const towers = new TowerPair({ memory: plan.memory, unloadAfter: checked.unloadAfter });
  try {
    meter.start();
    const infos = await guard.watch(() => loadTowers(checked, model, towers, guard));
    model.grewOld();
    meter.finish();
    return new LocalLens({
      info: infoOf(model, checked.device, infos, plan),
      encoders: new TowerEncoders(model.manifest, towers.text, towers.image),
      store: new WorkerLink<StoreContract>(spawnStoreWorker),
      towers,
      model,
    });
  } catch (thrown) {
    towers.dispose();
    model.release();
    throw toPhotoglotError(thrown);
  }
}

interface TowerInfos {
  readonly text: TowerInfo;
  readonly image: TowerInfo;
}

function loadTowers(
  { ortUrl, device, signal }: CheckedLensOptions,
  model: LensModel,
  towers: TowerPair,
  guard: CrashGuard,
): Promise<TowerInfos> {
  const { manifest, variants } = model;
  const shared = { manifest, ortUrl, device };
  // The files are looked up anew each time: a tower that is loaded again may find them repaired.
  const text = (): TowerLoad => ({ ...shared, files: model.files, variant: variants.text });
  const image = (): TowerLoad => ({ ...shared, files: model.files, variant: variants.image });
  // A reload may bring the page down as well.
  const load = (
    work: () => Promise<TowerInfo>,
    given: AbortSignal | undefined,
  ): Promise<TowerInfo> => guard.mark(() => model.repairing(work, given));
  return towers.load(
    {
      text: (link, given) => load(() => link.call('load', text(), given), given.signal),
      image: (link, given) => load(() => link.call('load', image(), given), given.signal),
    },
    { signal },
  );
}

function infoOf(
  { manifest, integrity, stored }: LensModel,
  device: LensInfo['device'],
  { text, image }: TowerInfos,
  { safeMode }: LoadPlan,
): LensInfo {
  const { id, version, dimension, licence } = manifest;
  return {
    model: id,
    version,
    dimension,
    device,
    text,
    image,
    licence,
    integrity,
    stored,
    safeMode,
  };
}
