/** What the signals of a query find, put together. */
import { dotProduct } from '../../core/dot-product';
import type { Confidence } from '../../core/relevance/confidence';
import type { ItemRecord } from '../../protocol/store-contract';
import type { HitScores, StoreQuery } from '../../protocol/store-query';
import { findByText, type IndexedRows } from './find-by-text';

/** An item that at least one signal found. */
export interface Candidate {
  readonly row: number;
  readonly item: ItemRecord;
  /** Of the signals that were asked, but those for which the item has no text. */
  readonly scores: HitScores;
  /** 0…1. */
  readonly confidence: number;
  /** What the confidence comes of: the cosine, null where there is none, and the words. */
  readonly likelihood: number | null;
  readonly coverage: number;
}

export interface Candidates {
  readonly all: readonly Candidate[];
  /** Per signal that was asked: the rows that it found, best first. */
  readonly rankings: readonly (readonly number[])[];
}

export interface QueryContext extends IndexedRows {
  /** Of cosines. */
  readonly confidence: Confidence;
}

type Signals = Pick<StoreQuery, 'vector' | 'text' | 'sparse'>;

/** Signals read one after the other: what is written meanwhile could have each see another state. */
const MOST_TRIES = 3;

/**
 * Rejects with `storage`.
 * @param depth how many each signal finds at most
 */
export async function findCandidates(
  query: Signals,
  depth: number,
  context: QueryContext,
): Promise<Candidates> {
  const { memory } = context;
  for (let tries = 1; ; tries++) {
    const { record } = memory;
    const candidates = await findOnce(query, depth, context);
    if (memory.record === record) return candidates;
    if (tries === MOST_TRIES) return withoutTwins(candidates);
  }
}

/** Of an item that moved, the row that it moved to: a change appends. */
function withoutTwins({ all, rankings }: Candidates): Candidates {
  const rowOf = new Map<string, number>();
  for (const { item, row } of all) rowOf.set(item.id, Math.max(row, rowOf.get(item.id) ?? 0));
  const kept = all.filter(({ item, row }) => rowOf.get(item.id) === row);
  const rows = new Set(kept.map(({ row }) => row));
  return { all: kept, rankings: rankings.map((each) => each.filter((row) => rows.has(row))) };
}

async function findOnce(query: Signals, depth: number, context: QueryContext): Promise<Candidates> {
  const { memory, filter } = context;
  const { vector } = query;
  const near = vector === null ? [] : await memory.search(vector, depth, filter);
  const { keyword, sparse } = await findByText(query, depth, context);
  const rankings = [
    ...(vector === null ? [] : [near.map(({ row }) => row)]),
    ...[keyword, sparse].flatMap((matches) => (matches === null ? [] : [matches.rows])),
  ];
  const itemOf = new Map(near.map(({ row, item }) => [row, item]));
  const others = [...new Set(rankings.flat())].filter((row) => !itemOf.has(row));
  (await memory.itemsAt(others)).forEach((item, index) => {
    // It may have died meanwhile.
    if (item !== null) itemOf.set(others[index] ?? 0, item);
  });
  const found = [...itemOf].map(([row, item]) => ({ row, item }));
  const cosines = vector === null ? null : await cosinesOf(found, vector, context);
  return {
    rankings,
    all: found.map(({ row, item }, index) => {
      const [dense, words, tokens] = [
        cosines?.[index],
        keyword?.matchOf(row),
        sparse?.matchOf(row),
      ];
      return {
        row,
        item,
        scores: {
          ...(dense === undefined ? {} : { dense: dense.score }),
          ...(words === undefined ? {} : { keyword: words.score }),
          ...(tokens === undefined ? {} : { sparse: tokens.score }),
        },
        // Who looks for words that are there has found them, whatever the picture is like.
        confidence: Math.max(dense?.confidence ?? 0, words?.coverage ?? 0),
        likelihood: dense?.confidence ?? null,
        coverage: words?.coverage ?? 0,
      };
    }),
  };
}

/** In order. */
async function cosinesOf(
  found: readonly { readonly row: number }[],
  query: Float32Array,
  { memory, confidence }: QueryContext,
): Promise<{ score: number; confidence: number }[]> {
  const vectors = await memory.vectors(found.map(({ row }) => row));
  return vectors.map((vector) => {
    const score = dotProduct(query, 0, vector, 0, query.length);
    return { score, confidence: confidence(vector, score) };
  });
}
