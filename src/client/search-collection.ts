/** Searches of a collection on this machine: the page encodes the query, the store's worker finds. */
import { parseQuery, type QueryLeaf } from '../core/query';
import { untilAborted } from '../core/until-aborted';
import type { StoreContract } from '../protocol/store-contract';
import type { QueryResult } from '../protocol/store-query';
import type { ImageSource, Query, SearchOptions, SearchResult, SearchUpdate } from './api';
import { embedQuery, type EmbeddedQuery } from './embed-query';
import type { Encoders } from './encoders';
import { queryKey } from './query-key';
import { isPlain, planSearch, type SearchPlan } from './search-plan';
import type { WorkerLink } from './worker-link';

/** The collection that is searched, and what encodes queries. */
export interface SearchContext {
  readonly collection: string;
  readonly encoders: Encoders;
  readonly store: WorkerLink<StoreContract>;
  readonly thumbnail: (id: string) => Promise<Blob | null>;
}

type Leaves = readonly QueryLeaf<ImageSource>[];
type Signal = AbortSignal | undefined;

/** Rejects like encoding and the store do, and with `invalid-input`. */
export async function searchCollection(
  context: SearchContext,
  query: Query,
  options: SearchOptions,
): Promise<SearchResult> {
  const leaves = parseQuery<ImageSource>(query, context.encoders.dimension);
  const plan = planSearch(options, context.encoders, leaves);
  return runSearch(context, leaves, plan, options.signal);
}

/** Rejects as {@link searchCollection}. */
export async function* streamSearch(
  context: SearchContext,
  query: Query,
  options: SearchOptions,
): AsyncGenerator<SearchUpdate, void> {
  const leaves = parseQuery<ImageSource>(query, context.encoders.dimension);
  const { mode = 'hybrid' } = options;
  const plan = planSearch({ ...options, mode }, context.encoders, leaves);
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, ...(options.signal ? [options.signal] : [])]);
  try {
    const whole = runSearch(context, leaves, plan, signal).then(completed);
    // Awaited below; a failure of the first step must not leave it unhandled.
    whole.catch(() => undefined);
    if (plan.mode === 'hybrid' && wordsOf(leaves) !== null && typeof plan.cursor !== 'string') {
      const words = { ...plan, mode: 'keyword', rerank: false, cursor: undefined } as const;
      const found = runSearch(context, leaves, words, signal).then(unfinished);
      const first = await Promise.race([found, whole]);
      // Where the whole result is there before, the words add nothing.
      found.catch(() => undefined);
      if (!first.isComplete) yield first;
    }
    yield await whole;
  } finally {
    leaving.abort();
  }
}

function completed(result: SearchResult): SearchUpdate {
  return { ...result, isComplete: true };
}

function unfinished(result: SearchResult): SearchUpdate {
  return { ...result, isComplete: false };
}

async function runSearch(
  context: SearchContext,
  leaves: Leaves,
  plan: SearchPlan,
  signal: Signal,
): Promise<SearchResult> {
  const key = plan.cursor === undefined ? '' : queryKey(leaves, plan);
  const kept = await readKeptPage(context, plan, key, signal);
  if (kept !== null) return resultOf(context, kept, []);
  const embedded = await embedFor(context, leaves, plan, signal);
  const missing = embedded?.missing ?? [];
  return isPlain(plan) && embedded !== null
    ? searchPlainly(context, embedded, plan, signal)
    : resultOf(context, await searchFully(context, leaves, embedded, plan, key, signal), missing);
}

/** Null when there is no cursor, or what its pages were is not kept: then they are found again. */
async function readKeptPage(
  { collection, encoders: { model }, store }: SearchContext,
  { cursor, limit }: SearchPlan,
  key: string,
  signal: Signal,
): Promise<QueryResult | null> {
  if (typeof cursor !== 'string') return null;
  return store.call('page', { collection, model, cursor, limit, queryKey: key }, { signal });
}

/** Null for a search that needs nothing of the model. */
async function embedFor(
  { encoders }: SearchContext,
  leaves: Leaves,
  { mode, rerank }: SearchPlan,
  signal: Signal,
): Promise<EmbeddedQuery | null> {
  if (mode === 'keyword' && !rerank) return null;
  const sparse =
    mode === 'hybrid' && wordsOf(leaves) !== null && encoders.signals.includes('sparse');
  return untilAborted(embedQuery(encoders, leaves, { sparse, colbert: rerank }, signal), signal);
}

async function searchPlainly(
  context: SearchContext,
  { vector, missing }: EmbeddedQuery,
  { limit, where, leastConfidence }: SearchPlan,
  signal: Signal,
): Promise<SearchResult> {
  const { collection, store, encoders } = context;
  const { calibration, model } = encoders;
  const args = { collection, model, vector, limit, where, calibration };
  const found = await store.call('search', args, { signal });
  const sure = found.filter(({ confidence }) => confidence >= leastConfidence);
  const hits = sure.map((hit) => ({ ...hit, scores: { dense: hit.score } }));
  const omitted = found.length - sure.length;
  return resultOf(context, { hits, omitted, nextCursor: null }, missing);
}

function searchFully(
  { collection, encoders: { calibration, model }, store }: SearchContext,
  leaves: Leaves,
  embedded: EmbeddedQuery | null,
  plan: SearchPlan,
  key: string,
  signal: Signal,
): Promise<QueryResult> {
  const { mode, limit, where, leastConfidence, fusion, sort, groupBy, collapse, cursor } = plan;
  const query = {
    ...{ limit, where, leastConfidence, fusion, sort, groupBy, collapse, cursor },
    collection,
    model,
    calibration,
    vector: mode === 'keyword' ? null : (embedded?.vector ?? null),
    text: mode === 'semantic' ? null : wordsOf(leaves),
    sparse: embedded?.sparse ?? null,
    tokens: embedded?.tokens ?? null,
    queryKey: key,
  };
  return store.call('query', query, { signal });
}

/** The texts that are to be found; null without any. */
function wordsOf(leaves: Leaves): string | null {
  const texts = leaves.flatMap((leaf) =>
    leaf.kind === 'text' && leaf.weight > 0 ? leaf.text : [],
  );
  return texts.length === 0 ? null : texts.join('\n');
}

function resultOf(
  { thumbnail }: SearchContext,
  { hits, omitted, nextCursor }: QueryResult,
  missing: readonly string[],
): SearchResult {
  return {
    hits: hits.map((hit) => ({ ...hit, thumbnail: () => thumbnail(hit.id) })),
    omitted,
    missing,
    nextCursor,
  };
}
