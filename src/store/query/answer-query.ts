/** Answers queries, page by page where it is asked to. */
import { PhotoglotError } from '../../errors';
import type { QueryHit, QueryResult, StorePage, StoreQuery } from '../../protocol/store-query';
import type { ItemRecord } from '../../protocol/store-contract';
import { hashId } from '../packed/id-hash';
import { decodeCursor, encodeCursor, type Cursor } from '../results/cursor';
import type { RankedId, Ranking, RecentRankings } from '../results/ranking';
import type { CollectionRecord } from '../schema';
import { findItems, type ItemContext, type ListedItem } from './find-items';

/** The items of ids, as far as they are there. */
type Find = (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly item: ItemRecord }>>;

/**
 * Without a cursor the best hits; with one, the page that it points to. Rejects with `cursor-expired` when the
 * ranking that it leads through is no longer kept, and the collection has changed since it was made.
 */
export async function answerQuery(
  query: StoreQuery,
  rankings: RecentRankings,
  context: ItemContext,
): Promise<QueryResult> {
  const { cursor, limit, queryKey } = query;
  const { record } = context.memory;
  const at = typeof cursor === 'string' ? cursorOf(cursor, queryKey) : null;
  if (at !== null && at.state !== stateOf(record)) throw expired();
  const { items, omitted } = await findItems(query, context);
  if (cursor === undefined) {
    return { hits: items.slice(0, limit).map(hitOf), omitted, nextCursor: null };
  }
  const ranking: Ranking = {
    id: at?.ranking ?? crypto.randomUUID(),
    fingerprint: hashId(queryKey),
    state: at?.state ?? stateOf(record),
    hits: items.map(rankedIdOf),
    omitted,
  };
  rankings.keep(ranking);
  const offset = at?.offset ?? 0;
  return {
    hits: items.slice(offset, offset + limit).map(hitOf),
    omitted,
    nextCursor: nextCursor(ranking, offset + limit),
  };
}

/** The page from a ranking that is kept, with items as they are now; null when it is not. */
export async function readPage(
  { cursor, limit, queryKey }: StorePage & { readonly cursor: string },
  rankings: RecentRankings,
  find: Find,
): Promise<QueryResult | null> {
  const { ranking: id, offset } = cursorOf(cursor, queryKey);
  const ranking = rankings.get(id);
  if (ranking === null) return null;
  const ranked = ranking.hits.slice(offset, offset + limit);
  const found = await find(ranked.map((hit) => hit.id));
  return {
    hits: ranked.flatMap((hit): QueryHit[] => {
      const item = found.get(hit.id)?.item;
      return item === undefined ? [] : [{ ...item, ...hit }];
    }),
    omitted: ranking.omitted,
    nextCursor: nextCursor(ranking, offset + limit),
  };
}

function nextCursor({ id, fingerprint, state, hits }: Ranking, offset: number): string | null {
  return offset < hits.length ? encodeCursor({ ranking: id, fingerprint, state, offset }) : null;
}

function cursorOf(text: string, queryKey: string): Cursor {
  const cursor = decodeCursor(text);
  if (cursor.fingerprint === hashId(queryKey)) return cursor;
  throw new PhotoglotError(
    'invalid-input',
    'The cursor is of another search: it leads on with the same query and options only.',
  );
}

function stateOf({ incarnation = '', revision }: CollectionRecord): string {
  return `${incarnation} ${revision}`;
}

function expired(): PhotoglotError {
  return new PhotoglotError(
    'cursor-expired',
    'The collection has changed since the first page, and the ranking that the cursor leads through ' +
      'is no longer kept: search again, without a cursor.',
  );
}

function rankedIdOf({ item, score, scores, confidence, group, duplicates }: ListedItem): RankedId {
  return {
    id: item.id,
    score,
    scores,
    confidence,
    ...(group === undefined ? {} : { group }),
    ...(duplicates === undefined ? {} : { duplicates }),
  };
}

function hitOf(listed: ListedItem): QueryHit {
  return { ...listed.item, ...rankedIdOf(listed) };
}
