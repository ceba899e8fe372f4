/** Which model is loaded, after what has happened before, and its files. */
import { isPhotoglotError, PhotoglotError } from '../errors';
import type { DeliverySource } from '../protocol/delivery-contract';
import type { CrashGuard } from './crash-guard';
import { LensModel } from './lens-model';
import type { CheckedLensOptions } from './lens-options';
import type { LoadMeter } from './load-meter';
import { planLoad, type LoadPlan } from './load-plan';
import { planTowers } from './plan-towers';

export interface PlannedModel {
  readonly plan: LoadPlan;
  readonly model: LensModel;
}

/**
 * Rejects with what `LensModel.deliver` rejects with, and with `session-failed` when the page has
 * died even in safe mode: then the next call tries what was asked for again.
 */
export async function deliverPlanned(
  checked: CheckedLensOptions,
  guard: CrashGuard,
  meter: LoadMeter,
): Promise<PlannedModel> {
  const plan = planned(checked, guard);
  try {
    return { plan, model: await deliver(checked, plan, guard, meter) };
  } catch (thrown) {
    const isFallback = plan.modelUrl !== checked.modelUrl;
    if (!isFallback || (isPhotoglotError(thrown) && thrown.code === 'aborted')) throw thrown;
    // A fallback that cannot be had is no reason to load nothing: the model itself, in small.
    const own = planned({ ...checked, fallbackUrl: null }, guard);
    return { plan: own, model: await deliver(checked, own, guard, meter) };
  }
}

function planned(checked: CheckedLensOptions, guard: CrashGuard): LoadPlan {
  const plan = planLoad(checked, guard.deadAttempts);
  if (plan !== null) return plan;
  guard.forget();
  throw new PhotoglotError(
    'session-failed',
    `The page ended ${guard.deadAttempts} times while it loaded the model at ` +
      `${checked.modelUrl}, at last in its smallest form: it is too large for this device. Use a ` +
      'smaller model. Loading again tries it once more.',
  );
}

function deliver(
  checked: CheckedLensOptions,
  { dtype, smallest, ...plan }: LoadPlan,
  guard: CrashGuard,
  meter: LoadMeter,
): Promise<LensModel> {
  const { device, languages, ortUrl, pause, signal } = checked;
  // A driver that does not bear being measured may take the page down.
  const guarded = <Result>(work: () => Promise<Result>): Promise<Result> => guard.mark(work);
  const options = { device, dtype, languages, smallest, ortUrl, signal, guarded };
  return LensModel.deliver({
    source: sourceOf(checked, plan),
    pause,
    plan: (manifest) => planTowers(manifest, options),
    onProgress: meter.deliver,
    onMore: meter.more,
    signal,
  });
}

/** Of a fallback the mirrors are not those of what was asked for; its signature is asked for all the same. */
function sourceOf(
  { source, modelUrl }: CheckedLensOptions,
  plan: Pick<LoadPlan, 'modelUrl'>,
): DeliverySource {
  if (plan.modelUrl === modelUrl) return source;
  return { ...source, from: plan.modelUrl, mirrors: [] };
}
