/** The store, which packs whatever it can, and merges files as soon as there are two: all the time. */
import { exposeContract } from '../../protocol/expose';
import type { StoreContract } from '../../protocol/store-contract';
import { Store } from '../store';

exposeContract<StoreContract>(
  new Store({
    isLarge: () => true,
    logBytes: 0,
    mostLogBytes: 2000 * 24 * Float32Array.BYTES_PER_ELEMENT,
    fileRows: 4096,
    mergedFiles: 2,
    deadShare: 0.25,
  }),
);
