/** All that a query asks for, in its order: found, cut, reranked, collapsed, grouped and sorted. */
import { colbertScore } from '../../core/vector-scores';
import type { TokenVectors } from '../../core/token-vectors';
import type { HitGroup, StoreQuery } from '../../protocol/store-query';
import { collapseHits } from '../results/collapse-hits';
import type { FoundItem } from '../results/found-item';
import { groupHits } from '../results/group-hits';
import { rerankHead } from '../results/rerank-head';
import { sortHits } from '../results/sort-hits';
import { decodeTokens } from '../signals/token-codec';
import { findCandidates, type QueryContext } from './find-candidates';
import { rankCandidates } from './rank-candidates';
import type { SignalSource } from './signal-source';

/** How many of the best are looked at where hits are sorted, grouped, collapsed, or read page by page. */
const RANKED_ITEMS = 1000;
/** Of so many each is compared with each better one: half a second at most. */
const COLLAPSED_ITEMS = 500;
/** Every signal finds as many at least, so that what several of them find a little is not missed. */
const FUSED_ITEMS = 100;
/** Token vectors are read and compared of so many. */
const HEAD_ITEMS = 50;

/** A found item, with what became of those like it. */
export interface ListedItem extends FoundItem {
  readonly group?: HitGroup | null;
  readonly duplicates?: readonly string[];
}

export interface ItemContext extends QueryContext {
  readonly signals: SignalSource;
}

/** In order, at least as many as `limit` if there are; and how many of the best were not sure enough. */
export async function findItems(
  query: StoreQuery,
  context: ItemContext,
): Promise<{ readonly items: readonly ListedItem[]; readonly omitted: number }> {
  const wanted = itemsWanted(query);
  const candidates = await findCandidates(query, Math.max(wanted, FUSED_ITEMS), context);
  const best = rankCandidates(candidates, query).slice(0, wanted);
  const sure = best.filter(({ confidence }) => confidence >= query.leastConfidence);
  const reranked = await rerank(sure, query, context);
  const items = await arrange(reranked, query, context);
  return { items, omitted: best.length - sure.length };
}

function itemsWanted({ limit, sort, groupBy, collapse, cursor, tokens }: StoreQuery): number {
  if (collapse !== null) return Math.max(limit, COLLAPSED_ITEMS);
  if (sort !== null || groupBy !== null || cursor !== undefined) return RANKED_ITEMS;
  return tokens === null ? limit : Math.max(limit, HEAD_ITEMS);
}

async function rerank(
  items: readonly FoundItem[],
  { tokens }: StoreQuery,
  { memory, signals }: ItemContext,
): Promise<readonly FoundItem[]> {
  if (tokens === null) return items;
  const head = items.slice(0, HEAD_ITEMS);
  const stored = await signals.tokens(
    memory.record,
    head.map(({ item }) => item.id),
  );
  const scored = head.map((hit, index): FoundItem => {
    const bytes = stored[index] ?? null;
    return bytes === null ? hit : withTokenScore(hit, tokens, decodeTokens(bytes));
  });
  return [...rerankHead(scored, ({ scores }) => scores.colbert), ...items.slice(HEAD_ITEMS)];
}

function withTokenScore(hit: FoundItem, query: TokenVectors, stored: TokenVectors): FoundItem {
  // A text of no tokens says nothing.
  if (stored.count === 0) return hit;
  return { ...hit, scores: { ...hit.scores, colbert: colbertScore(query, stored) } };
}

/** Groups have the best of each, so they are made before sorting. */
async function arrange(
  items: readonly FoundItem[],
  { sort, groupBy, collapse }: StoreQuery,
  { memory }: ItemContext,
): Promise<readonly ListedItem[]> {
  let arranged: readonly ListedItem[] = items;
  if (collapse !== null) {
    const vectors = await memory.vectors(arranged.map(({ row }) => row));
    arranged = collapseHits(arranged, vectors, collapse);
  }
  if (groupBy !== null) arranged = groupHits(arranged, groupBy);
  return sort === null ? arranged : sortHits(arranged, sort);
}
