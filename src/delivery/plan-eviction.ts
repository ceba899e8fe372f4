/** Which models have to go so that enough bytes become free. Pure, so that every case can be tried. */
import type { CachedModel } from '../protocol/delivery-contract';
import { freedBytes, type Footprints } from './model-footprints';

export interface EvictionPlan {
  /** The models to evict, in this order: least recently used first. Empty when all would not suffice. */
  readonly evict: readonly CachedModel[];
  /** Bytes that evicting every candidate would free. */
  readonly available: number;
}

/**
 * @param shortage bytes that have to become free, more than 0
 * @param candidates keys of the models that may go
 */
export function planEviction(
  footprints: Footprints,
  candidates: ReadonlySet<string>,
  shortage: number,
): EvictionPlan {
  const available = freedBytes(footprints, candidates);
  if (available < shortage) return { evict: [], available };
  const chosen = new Set<string>();
  const oldestFirst = footprints.models
    .map(({ model }) => model)
    .filter(({ key }) => candidates.has(key));
  for (const { key } of oldestFirst) {
    if (freedBytes(footprints, chosen) >= shortage) break;
    chosen.add(key);
  }
  // Some were too small to matter, or share their files with one that stays: they need not go.
  for (const { key } of oldestFirst.toReversed()) {
    const fewer = new Set(chosen);
    fewer.delete(key);
    if (freedBytes(footprints, fewer) >= shortage) chosen.delete(key);
  }
  return { evict: oldestFirst.filter(({ key }) => chosen.has(key)), available };
}
