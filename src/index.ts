/** The public interface of Photoglot. */
export { createLens } from './client/create-lens';
export { DEFAULT_SIGNAL_WEIGHTS, hybridScore } from './core/hybrid-score';
export { lexicalScore } from './core/lexical-weights';
export { signalScores } from './core/signal-scores';
export { colbertScore, denseScore } from './core/vector-scores';
export { isPhotoglotError, PhotoglotError } from './errors';
export type { PhotoglotErrorCode } from './errors';
export type {
  AddOptions,
  AddProgress,
  AddResult,
  CallOptions,
  Collection,
  DtypeOption,
  EncodeTextOptions,
  Hit,
  ImageSource,
  ItemInput,
  Lens,
  LensInfo,
  LensOptions,
  LensProgress,
  OpenOptions,
  Query,
  QueryPart,
  SearchOptions,
  SearchResult,
} from './client/api';
export type { Signal, SignalScores, SignalWeights } from './core/hybrid-score';
export type { LexicalWeights } from './core/lexical-weights';
export type { TextOutputs } from './core/merge-windows';
export type { TokenVectors } from './core/token-vectors';
export type { Backend } from './models/manifest';
export type { Rows } from './protocol/rows';
export type {
  CollectionSummary,
  ItemRecord,
  Meta,
  MetaValue,
  RangeCondition,
  TextFields,
  Where,
  WhereCondition,
} from './protocol/store-contract';
export type { TowerInfo } from './protocol/tower-contract';
