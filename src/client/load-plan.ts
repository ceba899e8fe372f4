/** What to load: what was asked for, or after crashes something smaller. */
import type { MemoryProfile } from './api';
import type { CheckedLensOptions } from './lens-options';

/** Tabs that die in a row before something smaller is loaded. One may be chance. */
const DEAD_ATTEMPTS = 2;

/** What to load, and why. */
export interface LoadPlan {
  readonly modelUrl: string;
  readonly dtype: CheckedLensOptions['dtype'];
  readonly memory: MemoryProfile;
  /** Take the variants with the fewest bytes instead of `dtype`. */
  readonly smallest: boolean;
  /** What is done and why, in words; null for what was asked for. */
  readonly safeMode: string | null;
}

/**
 * After two dead attempts the fallback, where there is one, else the model's smallest files and one
 * tower at a time; after two more, the fallback in its smallest form; null when nothing smaller is
 * left. As soon as something was loaded the count begins anew, so that the next load tries what was
 * asked for again.
 */
export function planLoad(
  {
    modelUrl,
    fallbackUrl,
    dtype,
    memory,
  }: Pick<CheckedLensOptions, 'modelUrl' | 'fallbackUrl' | 'dtype' | 'memory'>,
  deadAttempts: number,
): LoadPlan | null {
  const asked = { modelUrl, dtype, memory, smallest: false, safeMode: null };
  if (deadAttempts < DEAD_ATTEMPTS) return asked;
  const why = `The page ended ${deadAttempts} times while it loaded the model at ${modelUrl}.`;
  const next = 'The next start tries what was asked for again.';
  const small = { dtype: NO_DTYPE, memory: 'low', smallest: true } as const;
  const smallWords = 'the smallest files of each tower were loaded, one tower at a time';
  if (deadAttempts >= (fallbackUrl === null ? 2 : 3) * DEAD_ATTEMPTS) return null;
  if (fallbackUrl === null) {
    return { ...asked, ...small, safeMode: `${why} Therefore ${smallWords}. ${next}` };
  }
  const instead = `Therefore the model at ${fallbackUrl} was loaded instead`;
  if (deadAttempts < 2 * DEAD_ATTEMPTS) {
    // The number format was meant for the other model.
    const fallback = { modelUrl: fallbackUrl, dtype: NO_DTYPE };
    return { ...asked, ...fallback, safeMode: `${why} ${instead}. ${next}` };
  }
  const safeMode = `${why} ${instead}, of which ${smallWords}. ${next}`;
  return { modelUrl: fallbackUrl, ...small, safeMode };
}

const NO_DTYPE = { text: undefined, image: undefined };
