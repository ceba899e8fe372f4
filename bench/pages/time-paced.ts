/** Queries as slow as a person asks them, and what each took. */
import type { PacedRequest, PacedTimes } from './bench-page';
import { currentLens } from './current-lens';
import { filledCollection } from './vectors';

const LIMIT = 20;

export async function timePaced(request: PacedRequest): Promise<PacedTimes> {
  const { texts } = request;
  // What a text reads for the first time is kept for the second: here as beside indexing.
  for (const text of texts) await timeQuery(text);
  return askPaced(request, (asked) => asked < texts.length);
}

/**
 * Asks one query after the other, the texts in turn: the next one `everyMs` after the one before
 * began, or at once when that took longer.
 * @param goOn is asked before each query, given the number of those so far
 */
export async function askPaced(
  { texts, everyMs }: PacedRequest,
  goOn: (asked: number) => boolean,
): Promise<PacedTimes> {
  const encode: number[] = [];
  const search: number[] = [];
  for (let asked = 0; goOn(asked); asked++) {
    const pause = new Promise((resolve) => setTimeout(resolve, everyMs));
    const times = await timeQuery(texts[asked % texts.length] ?? '');
    encode.push(times.encode);
    search.push(times.search);
    await pause;
  }
  return { encode, search };
}

/** Milliseconds for the two halves of a search by text. */
async function timeQuery(text: string): Promise<{ encode: number; search: number }> {
  const start = performance.now();
  const { data: vector } = await currentLens().embedText([text]);
  const encoded = performance.now();
  await filledCollection().search({ vector }, { limit: LIMIT });
  return { encode: encoded - start, search: performance.now() - encoded };
}
