/** In which forms the towers of a model are tried on this device, before any of its files is there. */
import type { ModelManifest, TowerVariant } from '../models/manifest';
import { pickLanguages } from '../models/pick-languages';
import type { Tower } from '../protocol/tower-contract';
import type { DeviceOption } from './api';
import { calibrate, type CalibrateOptions } from './calibrate';
import { chooseDevice } from './choose-device';
import type { CheckedDtype } from './device-options';
import type { WebGpuCapabilities } from './capability-report';
import { gpuAdapter } from './gpu-adapter';
import type { VerdictKey } from './kept-verdicts';
import { nothingLeft, type RejectedBackend } from './rejected-backend';
import { keptSelfTest, selfTestKey, type SelfTestVerdict } from './self-test-verdict';
import { providerOf, towerCandidates, type TowerCandidate } from './tower-candidates';

/** A form that is to be tried. */
export interface PlannedForm extends TowerCandidate {
  /** Where the verdict of its self-test is kept; null where it cannot be. */
  readonly key: VerdictKey | null;
  /** It passed the self-test before. */
  readonly tested: boolean;
  /** Why there is no sense in bringing its files; null if there is. */
  readonly useless: Pick<RejectedBackend, 'reason' | 'message'> | null;
}

export interface TowerPlan {
  /** Best first; not all of them are of no use. */
  readonly forms: readonly PlannedForm[];
  /** Why their device was chosen, in words. */
  readonly reason: string;
}

export type TowerPlans = Readonly<Record<Tower, TowerPlan>>;

export interface PlanTowersOptions extends Omit<CalibrateOptions, 'adapter'> {
  readonly device: DeviceOption;
  readonly dtype: CheckedDtype;
  /** Of the texts to come; undefined for all. */
  readonly languages: readonly string[] | undefined;
  /** The smallest variants first, and nothing that is not needed: the page has died before. */
  readonly smallest: boolean;
}

/** Rejects with `backend-unavailable` where nothing fits, and `aborted`. */
export async function planTowers(
  whole: ModelManifest,
  { languages, ...options }: PlanTowersOptions,
): Promise<TowerPlans> {
  const manifest = pickLanguages(whole, languages);
  const adapter = options.device === 'wasm' ? null : await gpuAdapter();
  // One after the other: what is measured at the same time is measured wrongly.
  const text = await planTower(manifest, 'text', adapter, options);
  const image = await planTower(manifest, 'image', adapter, options);
  return { text, image };
}

/** The variants that are tried first. */
export function firstVariants({ text, image }: TowerPlans): Readonly<Record<Tower, TowerVariant>> {
  return { text: firstOf(text).variant, image: firstOf(image).variant };
}

function firstOf({ forms }: TowerPlan): PlannedForm {
  const first = forms.find(({ useless }) => useless === null);
  if (first === undefined) throw new Error('The plan has nothing to try.');
  return first;
}

async function planTower(
  manifest: ModelManifest,
  tower: Tower,
  adapter: WebGpuCapabilities | null,
  { device: asked, dtype, smallest, ...calibration }: Omit<PlanTowersOptions, 'languages'>,
): Promise<TowerPlan> {
  const { backends } = manifest[tower];
  const { device, reason } = await chooseDevice({
    ...{ tower, backends, asked, dtype: dtype[tower], careful: smallest, adapter },
    calibrate: (contest) => {
      if (adapter === null) throw new Error('There is nothing to compare.');
      return calibrate(contest, { ...calibration, adapter });
    },
  });
  const features = new Set(adapter?.features);
  const wish = { device, features, dtype: dtype[tower], smallest };
  const candidates = towerCandidates(backends, manifest.files, wish);
  const forms = await Promise.all(
    candidates.map((candidate) => planForm(manifest, tower, candidate, adapter)),
  );
  if (forms.some(({ useless }) => useless === null)) return { forms, reason };
  // What was wrong once may be right by now: it is tried before nothing is left at all.
  const again = forms.map((form) =>
    form.useless?.reason === 'self-test-failed' ? { ...form, useless: null } : form,
  );
  if (again.some(({ useless }) => useless === null)) return { forms: again, reason };
  throw nothingLeft(tower, forms.flatMap(rejectedForm), null);
}

/** The form as it is told of, if it is of no use. */
export function rejectedForm({ useless, ...form }: PlannedForm): readonly RejectedBackend[] {
  if (useless === null) return [];
  return [{ provider: providerOf(form), dtype: form.variant.dtype, ...useless }];
}

async function planForm(
  manifest: ModelManifest,
  tower: Tower,
  candidate: TowerCandidate,
  adapter: WebGpuCapabilities | null,
): Promise<PlannedForm> {
  const key = await selfTestKey(manifest, tower, candidate, adapter);
  const kept = key === null ? null : keptSelfTest(key);
  const isThere = providerOf(candidate) === 'wasm' || adapter !== null;
  const useless = isThere ? knownToBeWrong(kept) : NO_ADAPTER;
  return { ...candidate, key, tested: kept?.passed === true, useless };
}

const NO_ADAPTER = {
  reason: 'backend-unavailable',
  message: 'This browser has no WebGPU adapter.',
} as const;

function knownToBeWrong(kept: SelfTestVerdict | null): PlannedForm['useless'] {
  if (kept?.passed !== false) return null;
  const since = new Date(kept.since).toISOString();
  return {
    reason: 'self-test-failed',
    message: `Known to be wrong since ${since}. ${kept.message}`,
  };
}
