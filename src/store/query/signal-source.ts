import type { CollectionRecord } from '../schema';

/** Signals as they are stored, by the ids of their items; null where there are none. Rejects with `storage`. */
export interface SignalSource {
  /** As of `lexical-codec.ts`. */
  lexical(
    record: CollectionRecord,
    ids: readonly string[],
  ): Promise<readonly (ArrayBuffer | null)[]>;
  /** As of `token-codec.ts`. */
  tokens(
    record: CollectionRecord,
    ids: readonly string[],
  ): Promise<readonly (ArrayBuffer | null)[]>;
}
