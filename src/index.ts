/** The public interface of Photoglot. */
export { createLens } from './client/create-lens';
export { isPhotoglotError, PhotoglotError } from './errors';
export type { PhotoglotErrorCode } from './errors';
export type {
  AddOptions,
  AddProgress,
  AddResult,
  CallOptions,
  Collection,
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
