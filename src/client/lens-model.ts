/** The files of a lens: brought once, marked as in use, and brought again if the browser loses them. */
import { abortedError, untilAborted } from '../core/until-aborted';
import { isPhotoglotError, toPhotoglotError } from '../errors';
import { lensFiles } from '../models/lens-files';
import type { ModelManifest, TowerVariant } from '../models/manifest';
import type { Tower } from '../protocol/tower-contract';
import type {
  DeliveredFiles,
  DeliveryContract,
  DeliveryProgress,
  DeliverySource,
} from '../protocol/delivery-contract';
import { holdModel } from '../protocol/model-use';
import { BlobGarbage } from '../core/blob-garbage';
import { deliverFiles, deliverManifest, type CheckedManifest } from './deliver-model';
import type { PauseController } from './pause-controller';
import { firstVariants, type TowerPlans } from './plan-towers';
import { spawnDeliveryWorker } from './spawn';
import { WorkerLink } from './worker-link';

/** The form in which each tower runs. */
type Variants = Readonly<Record<Tower, TowerVariant>>;

export interface LensModelOptions {
  readonly source: DeliverySource;
  readonly pause: PauseController | undefined;
  readonly plan: (manifest: ModelManifest) => Promise<TowerPlans>;
  readonly onProgress: (progress: DeliveryProgress) => void;
  /** Called when another delivery follows; there is one at a time. */
  readonly onMore: () => void;
  readonly signal: AbortSignal | undefined;
}

export class LensModel {
  readonly manifest: ModelManifest;
  readonly plans: TowerPlans;
  readonly #options: LensModelOptions;
  readonly #checked: CheckedManifest;
  readonly #letGo: () => void;
  readonly #released = new AbortController();
  #variants: Variants;
  #delivered: DeliveredFiles;
  /** The last change of what was delivered; the next one waits for it. */
  #changing: Promise<void> = Promise.resolve();
  #repairing: Promise<void> | null = null;
  #refreshing: Promise<void> | null = null;
  #isOld = false;

  private constructor(
    options: LensModelOptions,
    checked: CheckedManifest,
    plans: TowerPlans,
    delivered: DeliveredFiles,
    letGo: () => void,
  ) {
    this.manifest = checked.manifest;
    this.plans = plans;
    this.#options = options;
    this.#variants = firstVariants(plans);
    this.#checked = checked;
    this.#delivered = delivered;
    this.#letGo = letGo;
  }

  /** Rejects with what `ModelCache.download` rejects with, and `backend-unavailable`. */
  static deliver(options: LensModelOptions): Promise<LensModel> {
    const { source, pause, plan, onProgress, signal } = options;
    return withDelivery(async (link) => {
      const checked = await deliverManifest(link, source, signal);
      const plans = await untilAborted(plan(checked.manifest), signal);
      // Before the files are asked for: from then on no other tab evicts them.
      const letGo = await holdModel(checked.delivered.key);
      try {
        const names = lensFiles(checked.manifest, firstVariants(plans));
        const delivery = { source, pause, signal, onProgress };
        const delivered = await deliverFiles(link, checked.delivered, names, delivery);
        return new LensModel(options, checked, plans, delivered, letGo);
      } catch (thrown) {
        letGo();
        throw thrown;
      }
    });
  }

  /** Verified content by name. */
  get files(): DeliveredFiles['files'] {
    return this.#delivered.files;
  }

  get integrity(): DeliveredFiles['integrity'] {
    return this.#delivered.integrity;
  }

  /** Whether the files are kept for the next time. */
  get stored(): boolean {
    return this.#delivered.stored;
  }

  /**
   * Brings the files of another variant for a tower, and lets go of those that no tower needs any
   * more. One tower after the other, so that there is one progress. Rejects as `deliver` does, and with
   * `aborted` once the model is released: nobody is left that the files would be for.
   */
  exchange(tower: Tower, variant: TowerVariant): Promise<void> {
    return this.#inTurn(() => this.#exchange(tower, variant));
  }

  /** Does `work`; and once more, with files that are whole again, if the browser has lost some. */
  async repairing<Result>(
    work: () => Promise<Result>,
    signal: AbortSignal | undefined,
  ): Promise<Result> {
    if (this.#isOld) await untilAborted(this.#refresh(), signal);
    try {
      return await work();
    } catch (thrown) {
      if (!isPhotoglotError(thrown) || thrown.code !== 'storage') throw thrown;
      // Both towers may ask at once, and one repair is for both.
      this.#repairing ??= this.#inTurn(() => this.#repair()).finally(() => {
        this.#repairing = null;
      });
      await untilAborted(this.#repairing, signal);
      return await work();
    }
  }

  /**
   * The model is loaded. From now on its files are looked up anew before each load: in Chromium 156
   * reading a Blob whose database was cleared meanwhile may never come to an end.
   */
  grewOld(): void {
    // What is in memory is nowhere else.
    this.#isOld = this.#delivered.stored;
  }

  /** The model is not used any more: it may be evicted. */
  release(): void {
    this.#released.abort();
    this.#letGo();
  }

  async #exchange(tower: Tower, variant: TowerVariant): Promise<void> {
    const { delivered, manifest } = this.#checked;
    const { source, pause, onProgress, onMore } = this.#options;
    const signal = this.#untilReleased();
    if (signal.aborted) throw abortedError(signal);
    const variants = { ...this.#variants, [tower]: variant };
    const names = lensFiles(manifest, variants);
    const missing = names.filter((name) => !(name in this.#delivered.files));
    if (missing.length > 0) {
      onMore();
      const more = await withDelivery((link) => {
        const delivery = { source, pause, signal, onProgress };
        return deliverFiles(link, delivered, missing, delivery);
      });
      this.#delivered = joined(this.#delivered, more);
    }
    this.#variants = variants;
    this.#delivered = { ...this.#delivered, files: pick(this.#delivered.files, names) };
  }

  /** Both towers may ask at once, and one look is for both. */
  #refresh(): Promise<void> {
    const look = (): Promise<void> => withDelivery((link) => this.#deliverAgain(link));
    this.#refreshing ??= this.#inTurn(look).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** One change after the other: each starts from the variants that the last one left. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change);
    // Its failure is its caller's alone.
    this.#changing = changed.catch(() => undefined);
    return changed;
  }

  /** Fires when the caller gives up, and when the model is released. */
  #untilReleased(): AbortSignal {
    const { signal } = this.#options;
    const released = this.#released.signal;
    return signal === undefined ? released : AbortSignal.any([signal, released]);
  }

  #repair(): Promise<void> {
    const { signal } = this.#released;
    return withDelivery(async (link) => {
      if (this.#delivered.stored) {
        const { key } = this.#checked.delivered;
        await link.call('verify', { key }, { signal }).catch((thrown: unknown) => {
          // The browser has lost all of it: everything is fetched again.
          if (!isPhotoglotError(thrown) || thrown.code !== 'not-found') throw thrown;
        });
      }
      await this.#deliverAgain(link);
    });
  }

  async #deliverAgain(link: WorkerLink<DeliveryContract>): Promise<void> {
    const { delivered, manifest } = this.#checked;
    const names = lensFiles(manifest, this.#variants);
    const { signal } = this.#released;
    const delivery = { source: this.#options.source, pause: undefined, signal };
    const more = await deliverFiles(link, delivered, names, delivery);
    // The browser keeps a record of each handle until that is collected.
    const handles = new BlobGarbage(0);
    for (const blob of Object.values(this.#delivered.files)) handles.note(blob);
    this.#delivered = more;
    void handles.collect();
  }
}

function joined(before: DeliveredFiles, more: DeliveredFiles): DeliveredFiles {
  return {
    ...more,
    files: { ...before.files, ...more.files },
    // What is less sure of one file is less sure of the model.
    integrity: before.integrity === 'first-use' ? before.integrity : more.integrity,
    stored: before.stored && more.stored,
    downloaded: before.downloaded + more.downloaded,
  };
}

function pick<Value>(
  all: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  const wanted = new Set(names);
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
}

/** The worker of a delivery ends with it: its memory is of no use to a model that runs. */
async function withDelivery<Result>(
  work: (link: WorkerLink<DeliveryContract>) => Promise<Result>,
): Promise<Result> {
  const link = new WorkerLink<DeliveryContract>(spawnDeliveryWorker);
  try {
    return await work(link);
  } catch (thrown) {
    throw toPhotoglotError(thrown);
  } finally {
    link.dispose();
  }
}
