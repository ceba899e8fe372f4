/** Checks how much of a model may be in memory, for how long, and what is loaded after crashes. */
import { PhotoglotError } from '../errors';
import type { LensOptions, MemoryProfile } from './api';
import { modelFolder } from './model-address';
import { expectThat } from './option-checks';

/** Milliseconds without a call. */
const DEFAULT_UNLOAD_AFTER_MS = 300_000;
/** Of `setTimeout`, which takes more for none at all. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export interface CheckedLifecycle {
  readonly memory: MemoryProfile;
  /** Milliseconds; null for never. */
  readonly unloadAfter: number | null;
  /** Folder of the smaller model, ending in `/`; null for none. */
  readonly fallbackUrl: string | null;
}

/** Throws `invalid-input` or `model-not-found`. */
export function checkLifecycle(
  { memory = 'normal', unloadAfter = DEFAULT_UNLOAD_AFTER_MS, fallback }: LensOptions,
  modelUrl: string,
  assets: URL,
): CheckedLifecycle {
  const delay = `milliseconds of 0…${LONGEST_DELAY_MS}, or null for never`;
  expectThat(isMemory(memory), 'memory', '"normal" or "low"', memory);
  expectThat(isDelay(unloadAfter), 'unloadAfter', delay, shown(unloadAfter));
  if (fallback === undefined) return { memory, unloadAfter, fallbackUrl: null };
  const isModel = typeof fallback === 'string' || fallback instanceof URL;
  expectThat(isModel, 'fallback', 'the name of a model or the URL of its folder', fallback);
  return { memory, unloadAfter, fallbackUrl: fallbackFolder(String(fallback), modelUrl, assets) };
}

function fallbackFolder(fallback: string, modelUrl: string, assets: URL): string {
  const { href } = modelFolder('fallback', fallback, assets);
  if (href !== modelUrl) return href;
  const message =
    `The option "fallback" must be another, smaller model than "model"; both are ${href}. ` +
    'Leave it out to fall back to the smallest files of the same model.';
  throw new PhotoglotError('invalid-input', message);
}

function isMemory(value: unknown): boolean {
  return value === 'normal' || value === 'low';
}

function isDelay(value: unknown): boolean {
  return value === null || (typeof value === 'number' && value >= 0 && value <= LONGEST_DELAY_MS);
}

/** Of a wrong number the number itself is of interest, not that it is one. */
function shown(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
