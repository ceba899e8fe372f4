/**
 * Like spawn.ts, for the workers of transformers.js. Apart, because a bundler follows `new Worker`
 * also where nobody calls it: only who opens the door to them gets them.
 */
import type { TowerPairOptions } from './tower-pair';

/** Makes new workers, which know by their names which tower they are. */
export const spawnTransformers: NonNullable<TowerPairOptions['spawn']> = {
  text: () =>
    new Worker(new URL('../../workers/transformers.worker.ts', import.meta.url), {
      type: 'module',
      name: 'photoglot-transformers-text',
    }),
  image: () =>
    new Worker(new URL('../../workers/transformers.worker.ts', import.meta.url), {
      type: 'module',
      name: 'photoglot-transformers-image',
    }),
};
