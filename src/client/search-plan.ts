/** The options of a search, checked and complete. */
import type { QueryLeaf } from '../core/query';
import type { RelevanceCalibration } from '../core/relevance/model-confidence';
import type { Fusion, SortBy } from '../protocol/store-query';
import type { Where } from '../protocol/where';
import { PhotoglotError } from '../errors';
import type { SearchMode, SearchOptions } from './api';
import type { Encoders } from './encoders';
import { leastConfidence } from './least-confidence';
import { expectThat } from './option-checks';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;
/** What found most on Multi30k's captions (docs/searching.md); for `sparse` half, as FlagEmbedding has it. */
const DEFAULT_FUSION = { dense: 1, keyword: 1, sparse: 0.5 };
const MODES: readonly unknown[] = ['semantic', 'keyword', 'hybrid'];

/** What is to be done. */
export interface SearchPlan {
  readonly mode: SearchMode;
  readonly limit: number;
  readonly where: Where | null;
  /** Hits that are less sure are left out. */
  readonly leastConfidence: number;
  readonly fusion: Fusion;
  readonly rerank: boolean;
  readonly sort: SortBy | null;
  readonly groupBy: string | null;
  readonly collapse: number | null;
  readonly cursor: string | null | undefined;
}

/** Throws `invalid-input` before anything is encoded. */
export function planSearch(
  options: SearchOptions,
  { calibration, signals }: Pick<Encoders, 'calibration' | 'signals'>,
  leaves: readonly QueryLeaf<unknown>[],
): SearchPlan {
  const {
    limit = DEFAULT_LIMIT,
    mode = 'semantic',
    fusion = DEFAULT_FUSION,
    rerank = false,
  } = options;
  const { where = null, sort = null, groupBy = null, collapse = null, cursor } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw invalid(`The limit must be an integer of 1…${MAX_LIMIT}; got ${limit}.`);
  }
  expectThat(MODES.includes(mode), 'mode', '"semantic", "keyword" or "hybrid"', mode);
  expectThat(isFusion(fusion), 'fusion', '"rrf", or weights of which one is above 0', fusion);
  expectThat(typeof rerank === 'boolean', 'rerank', 'true or false', rerank);
  expectThat(sort === null || isSort(sort), 'sort', '{ field, order?, type? }', sort);
  expectThat(groupBy === null || isField(groupBy), 'groupBy', 'the name of a field', groupBy);
  expectThat(collapse === null || isShare(collapse), 'collapse', 'a number of 0…1', collapse);
  const isCursor = cursor === undefined || cursor === null || typeof cursor === 'string';
  expectThat(isCursor, 'cursor', 'null, or the nextCursor of a search', cursor);
  const texts = leaves.filter(({ kind }) => kind === 'text');
  if ((mode === 'keyword' || rerank) && !texts.some(({ weight }) => weight > 0)) {
    throw invalid('A search by words, and reranking, need a query with a text of positive weight.');
  }
  if (rerank && !signals.includes('colbert')) {
    throw invalid(
      'Reranking needs a model with token vectors ("colbert"), which this one has not.',
    );
  }
  return {
    ...{ mode, limit, where, fusion, rerank, sort, groupBy, collapse, cursor },
    leastConfidence: leastOf(options, mode, calibration, texts.length > 0),
  };
}

/** Whether it is a search by meaning with nothing more to it. */
export function isPlain({ mode, rerank, sort, groupBy, collapse, cursor }: SearchPlan): boolean {
  const isArranged = sort !== null || groupBy !== null || collapse !== null;
  return mode === 'semantic' && !rerank && !isArranged && cursor === undefined;
}

/** What has the words has them: unasked, nothing of that is cut. */
function leastOf(
  { cutoff = 'auto' }: SearchOptions,
  mode: SearchMode,
  calibration: RelevanceCalibration | null,
  hasText: boolean,
): number {
  const least = leastConfidence(cutoff, calibration, hasText);
  return mode === 'keyword' && cutoff === 'auto' ? 0 : least;
}

function isFusion(fusion: unknown): boolean {
  if (fusion === 'rrf') return true;
  if (typeof fusion !== 'object' || fusion === null) return false;
  const { dense = 0, keyword = 0, sparse = 0, ...others } = fusion as Record<string, unknown>;
  const weights = [dense, keyword, sparse];
  const areWeights = weights.every(
    (weight) => typeof weight === 'number' && Number.isFinite(weight) && weight >= 0,
  );
  return areWeights && weights.some((weight) => weight !== 0) && Object.keys(others).length === 0;
}

function isSort(sort: unknown): boolean {
  if (typeof sort !== 'object' || sort === null) return false;
  const { field, order = 'asc', type, ...others } = sort as Record<string, unknown>;
  const isOrder = order === 'asc' || order === 'desc';
  const isType = type === undefined || type === 'date';
  return isField(field) && isOrder && isType && Object.keys(others).length === 0;
}

function isField(field: unknown): boolean {
  return typeof field === 'string' && field !== '';
}

function isShare(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function invalid(message: string): PhotoglotError {
  return new PhotoglotError('invalid-input', message);
}
