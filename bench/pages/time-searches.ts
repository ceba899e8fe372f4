import { bestRows } from './best-rows';
import type { SearchTimes } from './bench-page';
import { currentLens } from './current-lens';
import { filledCollection, filledRows, unitVectors } from './vectors';

const LIMIT = 20;
const WARM_UP = 10;

export async function timeSearches({ count }: { readonly count: number }): Promise<SearchTimes> {
  const { dimension } = currentLens().info;
  const collection = filledCollection();
  const rows = filledRows();
  const queries = unitVectors(count + WARM_UP, dimension, 2);
  const sdk: number[] = [];
  const plain: number[] = [];
  let equal = 0;
  for (let index = 0; index < count + WARM_UP; index++) {
    const vector = queries.slice(index * dimension, (index + 1) * dimension);
    // In turns, so that a busy moment of the machine hits both.
    const start = performance.now();
    const { hits } = await collection.search({ vector }, { limit: LIMIT, cutoff: 0 });
    const between = performance.now();
    const best = bestRows(rows, vector, LIMIT);
    const end = performance.now();
    if (index < WARM_UP) continue;
    sdk.push(between - start);
    plain.push(end - between);
    if (hits.every(({ id }, place) => id === String(best[place]))) equal++;
  }
  return { sdk, plain, equal: equal / count };
}
