/** Answers the queries of all collections of a store, and keeps what makes the next ones quick. */
import { Recent } from '../../core/recent';
import { UNKNOWN } from '../../core/relevance/confidence';
import { PhotoglotError } from '../../errors';
import type { QueryResult, StorePage, StoreQuery } from '../../protocol/store-query';
import { checkQuery } from '../check-input';
import type { CollectionMemory } from '../collection-memory';
import type { HitConfidences } from '../hit-confidences';
import { RecentRankings } from '../results/ranking';
import { partsOf } from '../schema';
import { parseWhere } from '../where/parse-where';
import { answerQuery, readPage } from './answer-query';
import { CollectionIndexes } from './collection-indexes';
import type { SignalSource } from './signal-source';

/** Collections whose indexes are kept: they take memory. */
const INDEXED_COLLECTIONS = 2;

export class Queries {
  readonly #confidences: HitConfidences;
  readonly #signals: SignalSource;
  readonly #rankings = new RecentRankings();
  /** By what the keys of a collection's parts start with. */
  readonly #indexes = new Recent<CollectionIndexes>(INDEXED_COLLECTIONS);

  constructor(confidences: HitConfidences, signals: SignalSource) {
    this.#confidences = confidences;
    this.#signals = signals;
  }

  /** Rejects as {@link answerQuery}, with `invalid-input` and `dimension-mismatch`, and when `signal` fires. */
  async answer(
    memory: CollectionMemory,
    query: StoreQuery,
    signal: AbortSignal,
  ): Promise<QueryResult> {
    const { dimension } = memory.record;
    const filter = parseWhere(query.where);
    const vector = query.vector && checkQuery(query.vector, query.limit, dimension);
    if (signal.aborted) throw new PhotoglotError('aborted', 'The search was aborted.');
    const confidence =
      vector === null
        ? () => UNKNOWN
        : await this.#confidences.confidence(memory, vector, query.calibration);
    return answerQuery({ ...query, vector }, this.#rankings, {
      memory,
      indexes: this.#indexes.get(
        partsOf(memory.record),
        () => new CollectionIndexes(this.#signals),
      ),
      signals: this.#signals,
      filter,
      confidence,
      signal,
    });
  }

  /** Null when the page has to be searched again. Rejects with `storage` and `invalid-input`. */
  readPage(
    memory: CollectionMemory,
    page: StorePage & { readonly cursor: string },
  ): Promise<QueryResult | null> {
    return readPage(page, this.#rankings, (ids) => memory.find(ids));
  }
}
