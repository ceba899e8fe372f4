import type { QueryTimes } from './bench-page';
import { currentLens } from './current-lens';
import { filledCollection } from './vectors';

const LIMIT = 20;
const WARM_UP = 5;

export async function timeQueries(request: {
  readonly texts: readonly string[];
}): Promise<QueryTimes> {
  const { texts } = request;
  const lens = currentLens();
  const collection = filledCollection();
  for (const text of texts.slice(0, WARM_UP)) await collection.search(text, { limit: LIMIT });
  const encode: number[] = [];
  const search: number[] = [];
  const together: number[] = [];
  for (const text of texts) {
    const start = performance.now();
    const { data: vector } = await lens.embedText([text]);
    const encoded = performance.now();
    await collection.search({ vector }, { limit: LIMIT });
    encode.push(encoded - start);
    search.push(performance.now() - encoded);
  }
  for (const text of texts) {
    const start = performance.now();
    await collection.search(text, { limit: LIMIT });
    together.push(performance.now() - start);
  }
  return { encode, search, together };
}
