/** The store as it is, and one in which much happens that takes a million items otherwise. */
import { FLOAT16_TOLERANCE, FLOAT32_TOLERANCE, type Tolerance } from './collection-content';
import { spawnStore } from './store-harness';

export interface StoreKind {
  readonly name: string;
  readonly spawn: () => Worker;
  readonly tolerance: Tolerance;
}

export const AS_IT_IS: StoreKind = {
  name: 'as it is',
  spawn: spawnStore,
  tolerance: FLOAT32_TOLERANCE,
};

export const PACKING: StoreKind = {
  name: 'that packs whatever it can',
  spawn: () => new Worker(new URL('./eager-store.worker.ts', import.meta.url), { type: 'module' }),
  tolerance: FLOAT16_TOLERANCE,
};
