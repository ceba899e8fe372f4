/** What the inverted indexes find of a query. */
import type { StoreQuery } from '../../protocol/store-query';
import type { Filter } from '../where/filter';
import type { CollectionIndexes } from './collection-indexes';
import type { QueriedMemory } from './queried-memory';

/** What one index says of a row. */
export interface IndexMatch {
  readonly row: number;
  readonly score: number;
  /** How much of the query the row has, 0…1; 0 where an index does not tell. */
  readonly coverage: number;
}

/** What one index found. */
export interface IndexMatches {
  /** Best first. */
  readonly rows: readonly number[];
  /** Of any row: 0 for one that was not found, undefined for one without text. */
  readonly matchOf: (row: number) => IndexMatch | undefined;
}

/** In what is looked. */
export interface IndexedRows {
  readonly memory: QueriedMemory;
  readonly indexes: CollectionIndexes;
  readonly filter: Filter | null;
  readonly signal: AbortSignal;
}

/**
 * Null for what the query does not ask. Rejects with `storage`.
 * @param depth how many each index finds at most
 */
export async function findByText(
  { text, sparse }: Pick<StoreQuery, 'text' | 'sparse'>,
  depth: number,
  { memory, indexes, filter, signal }: IndexedRows,
): Promise<{ readonly keyword: IndexMatches | null; readonly sparse: IndexMatches | null }> {
  if (text === null && sparse === null) return { keyword: null, sparse: null };
  const rows = await memory.select(filter);
  const [byWords, byTokens] = await Promise.all([
    text === null
      ? null
      : indexes.text.use(memory, signal, (index) =>
          matchesOf(index, index.search(text, depth, rows)),
        ),
    sparse === null
      ? null
      : indexes.sparse.use(memory, signal, (index) =>
          matchesOf(
            index,
            index.search(sparse, depth, rows).map((match) => ({ ...match, coverage: 0 })),
          ),
        ),
  ]);
  return { keyword: byWords, sparse: byTokens };
}

function matchesOf(
  index: { readonly has: (row: number) => boolean },
  matches: readonly IndexMatch[],
): IndexMatches {
  const byRow = new Map(matches.map((match) => [match.row, match]));
  return {
    rows: matches.map(({ row }) => row),
    matchOf: (row) =>
      byRow.get(row) ?? (index.has(row) ? { row, score: 0, coverage: 0 } : undefined),
  };
}
