import type { StoreQuery } from '../../../protocol/store-query';

/** A query that asks for nothing but what is given. */
export function wholeQuery(asked: Partial<StoreQuery>): StoreQuery {
  return {
    vector: null,
    text: null,
    sparse: null,
    tokens: null,
    fusion: 'rrf',
    where: null,
    calibration: null,
    leastConfidence: 0,
    sort: null,
    groupBy: null,
    collapse: null,
    cursor: undefined,
    limit: 10,
    queryKey: 'key',
    ...asked,
  };
}
