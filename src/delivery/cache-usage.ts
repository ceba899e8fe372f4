/** How much room the models take, and the origin as a whole. */
import type { CacheUsage } from '../protocol/delivery-contract';
import { readFootprints, type FootprintSource } from './model-footprints';
import type { StorageEstimator } from './origin-storage';

export interface CacheUsageOptions {
  readonly storage: FootprintSource;
  /** `estimateOrigin` of origin-storage.ts. */
  readonly estimate: StorageEstimator;
  /** `isOriginPersisted` of origin-storage.ts. */
  readonly isPersisted: () => Promise<boolean>;
}

/** A file that models share counts once. Rejects with `storage`. */
export async function cacheUsage(options: CacheUsageOptions): Promise<CacheUsage> {
  const [{ bytes }, origin, persisted] = await Promise.all([
    readFootprints(options.storage),
    options.estimate(),
    options.isPersisted(),
  ]);
  return {
    models: [...bytes.values()].reduce((sum, each) => sum + each, 0),
    usage: origin?.usage ?? null,
    quota: origin?.quota ?? null,
    persisted,
  };
}
