/** The store, with collections that count as large from 1,000 rows on: what takes a million is quick here. */
import { exposeContract } from '../../protocol/expose';
import type { StoreContract } from '../../protocol/store-contract';
import { Store } from '../store';

exposeContract<StoreContract>(
  new Store({
    isLarge: (rows) => rows >= 1000,
    logBytes: 600 * 24 * Float32Array.BYTES_PER_ELEMENT,
    mostLogBytes: 3000 * 24 * Float32Array.BYTES_PER_ELEMENT,
    fileRows: 8192,
    mergedFiles: 3,
    deadShare: 0.25,
  }),
);
