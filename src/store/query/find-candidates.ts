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

/**
 * Rejects with `storage`.
 * @param depth how many each signal finds at most
 */
export async function findCandidates(
  query: Pick<StoreQuery, 'vector' | 'text' | 'sparse'>,
  depth: number,
  context: QueryContext,
): Promise<Candidates> {
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
