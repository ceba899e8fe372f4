import type { StoreContract } from '../protocol/store-contract';
import type { Encoders, TextSignal } from './encoders';
import type { WorkerLink } from './worker-link';

/** The collection that items are added to, and what encodes them. */
export interface AddContext {
  readonly collection: string;
  readonly encoders: Encoders;
  readonly store: WorkerLink<StoreContract>;
  readonly keepOriginals: boolean;
  readonly keepSignals: readonly TextSignal[];
}
