/** From a model's name to a lens: its files, then both towers. */
import { toPhotoglotError } from '../errors';
import { QueryFlag } from '../protocol/query-flag';
import type { StoreContract } from '../protocol/store-contract';
import type { Tower, TowerInfo, TowerLoad } from '../protocol/tower-contract';
import type { Lens, LensInfo, LensOptions, LensTowerInfo } from './api';
import { CrashGuard } from './crash-guard';
import { LocalLens } from './lens';
import type { LensModel } from './lens-model';
import { loadForms, type LoadFormsOptions } from './load-forms';
import { checkLensOptions, type CheckedLensOptions } from './lens-options';
import { LoadMeter } from './load-meter';
import type { LoadPlan } from './load-plan';
import { deliverPlanned } from './plan-delivery';
import type { PlannedForm } from './plan-towers';
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
  // Of towers that take turns none computes while the other does.
  const queries = plan.memory === 'low' ? null : QueryFlag.create();
  try {
    meter.start();
    const infos = await guard.watch(() =>
      loadTowers(checked, model, towers, guard, meter, queries),
    );
    model.grewOld();
    meter.finish();
    return new LocalLens({
      info: infoOf(model, checked.device, infos, plan),
      encoders: new TowerEncoders(model.manifest, towers.text, towers.image, queries),
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
  readonly text: LensTowerInfo;
  readonly image: LensTowerInfo;
}

function loadTowers(
  { ortUrl, signal }: CheckedLensOptions,
  model: LensModel,
  towers: TowerPair,
  guard: CrashGuard,
  meter: LoadMeter,
  flag: QueryFlag | null,
): Promise<TowerInfos> {
  const { manifest, plans } = model;
  const queries = flag?.buffer ?? null;
  const options = (tower: Tower): Omit<LoadFormsOptions, 'load'> => ({
    tower,
    plan: plans[tower],
    files: manifest.files,
    exchange: async ({ variant }) => {
      await model.exchange(tower, variant);
      meter.start();
    },
  });
  const loader = ({ device, variant, ...form }: PlannedForm): Loader => {
    let { tested } = form;
    return async (load, given) => {
      // The files are looked up anew each time: a tower that is loaded again may find them repaired.
      const work = (): Promise<TowerInfo> =>
        load({ manifest, ortUrl, files: model.files, device, variant, tested, queries });
      // A reload may bring the page down as well.
      const info = await guard.mark(() => model.repairing(work, given));
      tested = true;
      return info;
    };
  };
  return towers.inOrder({
    text: () =>
      loadForms({
        ...options('text'),
        load: (form) => {
          const load = loader(form);
          return towers.text.load(
            (link, given) => load((args) => link.call('load', args, given), given.signal),
            { signal },
          );
        },
      }),
    image: () =>
      loadForms({
        ...options('image'),
        load: (form) => {
          const load = loader(form);
          return towers.image.load(
            (link, given) => load((args) => link.call('load', args, given), given.signal),
            { signal },
          );
        },
      }),
  });
}

/** Loads a form of a tower, the first time and again. */
type Loader = (
  load: (args: TowerLoad) => Promise<TowerInfo>,
  signal: AbortSignal | undefined,
) => Promise<TowerInfo>;

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
