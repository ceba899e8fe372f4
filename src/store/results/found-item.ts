import type { ItemRecord } from '../../protocol/store-contract';
import type { HitScores } from '../../protocol/store-query';

/** An item that a query found. Lists of them are the best first. */
export interface FoundItem {
  readonly row: number;
  readonly item: ItemRecord;
  /** That by which it is ranked. */
  readonly score: number;
  readonly scores: HitScores;
  /** 0…1. */
  readonly confidence: number;
}
