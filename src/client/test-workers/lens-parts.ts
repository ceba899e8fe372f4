/** What a lens is made of, with a store of its own and without a model: a tab, as far as the store can tell. */
import type { StoreContract } from '../../protocol/store-contract';
import { WorkerLink } from '../worker-link';
import type { HashEncoders } from './hash-encoders';

/** @param spawn makes a worker of the store */
export function lensParts(encoders: HashEncoders, spawn: () => Worker) {
  return {
    // Nobody asks for it; its type belongs to the page.
    info: {} as never,
    encoders: Object.assign(encoders, { encodeFully: () => Promise.resolve([]) }),
    store: new WorkerLink<StoreContract>(spawn),
    towers: {
      warmUp: () => Promise.resolve(),
      unload: () => Promise.resolve(),
      dispose: () => undefined,
    },
    model: { release: () => undefined },
  };
}
