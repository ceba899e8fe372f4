import type { ItemRecord } from '../protocol/store-contract';

/** A row that a search found. */
export interface RowHit {
  readonly row: number;
  readonly item: ItemRecord;
  /** Cosine, −1…1. */
  readonly score: number;
}

/** The best of several results of one search, best first; of equal scores the lower row. */
export function mergeHits(results: readonly (readonly RowHit[])[], limit: number): RowHit[] {
  return results
    .flat()
    .sort((left, right) => right.score - left.score || left.row - right.row)
    .slice(0, limit);
}
