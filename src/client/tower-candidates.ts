/** In which forms a tower is tried, and in which order. */
import type { Backend, ModelFile, TowerBackends, TowerVariant } from '../models/manifest';
import { fitsDevice, pickVariant } from '../models/pick-variant';
import type { RejectedBackend } from './rejected-backend';
import { smallestFirst, variantBytes } from './smallest-variant';

type Files = Readonly<Record<string, ModelFile>>;

/** A variant and the device whose list it is from. */
export interface TowerCandidate {
  readonly device: Backend;
  readonly variant: TowerVariant;
}

export interface CandidateWish {
  readonly device: Backend;
  /** Of the WebGPU adapter; empty where there is none. */
  readonly features: ReadonlySet<string>;
  /** Number format; undefined for any. */
  readonly dtype: string | undefined;
  /** Those with the fewest bytes first, instead of the model's order. */
  readonly smallest: boolean;
}

/** Where it computes. */
export function providerOf({ device, variant }: TowerCandidate): Backend {
  return variant.provider ?? device;
}

/**
 * The device's variants that fit, then those of WASM, which every browser has; each once. Throws
 * `backend-unavailable` if there is none.
 */
export function towerCandidates(
  backends: TowerBackends,
  files: Files,
  wish: CandidateWish,
): readonly TowerCandidate[] {
  const devices = wish.device === 'webgpu' ? (['webgpu', 'wasm'] as const) : (['wasm'] as const);
  const all = devices.flatMap((device) => {
    const fitting = backends[device].filter((variant) => fitsDevice(variant, wish));
    const ordered = wish.smallest ? smallestFirst(fitting, files) : fitting;
    return ordered.map((variant): TowerCandidate => ({ device, variant }));
  });
  const seen = new Set<string>();
  const candidates = all.filter((candidate) => {
    const form = JSON.stringify([providerOf(candidate), candidate.variant.file]);
    return !seen.has(form) && seen.add(form);
  });
  // It knows how to say what there is.
  if (candidates.length === 0) pickVariant(backends, wish);
  return candidates;
}

/** A candidate that failed, and why. */
export interface FailedCandidate extends Pick<RejectedBackend, 'reason'> {
  readonly candidate: TowerCandidate;
}

/**
 * Whether there is no sense in trying it after these failures: the same provider is not there at all,
 * or had no memory (or lost its worker) with something that was not larger.
 */
export function isHopeless(
  candidate: TowerCandidate,
  failures: readonly FailedCandidate[],
  files: Files,
): boolean {
  const bytes = variantBytes(candidate.variant, files);
  return failures.some(({ candidate: failed, reason }) => {
    if (providerOf(failed) !== providerOf(candidate)) return false;
    if (reason === 'backend-unavailable') return true;
    const isMemory = reason === 'out-of-memory' || reason === 'worker-crashed';
    const known = variantBytes(failed.variant, files);
    // Of unknown sizes nothing can be said.
    return isMemory && known !== Infinity && bytes !== Infinity && bytes >= known;
  });
}
