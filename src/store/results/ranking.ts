/** What a search found, kept while somebody reads it page by page. */
import type { HitGroup, HitScores } from '../../protocol/store-query';

/** A hit without its item, which is read when its page is asked for. */
export interface RankedId {
  readonly id: string;
  readonly score: number;
  readonly scores: HitScores;
  readonly confidence: number;
  readonly group?: HitGroup | null;
  readonly duplicates?: readonly string[];
}

export interface Ranking {
  /** Of no other ranking. */
  readonly id: string;
  /** As of a cursor. */
  readonly fingerprint: number;
  readonly state: string;
  readonly hits: readonly RankedId[];
  readonly omitted: number;
}

/** Rankings of at most 1,000 hits each: a megabyte or two in all. */
const MOST = 8;

export class RecentRankings {
  /** The last used at the end. */
  readonly #rankings = new Map<string, Ranking>();

  get(id: string): Ranking | null {
    const ranking = this.#rankings.get(id) ?? null;
    if (ranking !== null) this.keep(ranking);
    return ranking;
  }

  keep(ranking: Ranking): void {
    this.#rankings.delete(ranking.id);
    this.#rankings.set(ranking.id, ranking);
    const [oldest] = this.#rankings.keys();
    if (this.#rankings.size > MOST && oldest !== undefined) this.#rankings.delete(oldest);
  }
}
