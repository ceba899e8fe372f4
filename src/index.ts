/** The public interface of Photoglot. */
export { capabilities } from './client/capabilities';
export { createLens } from './client/create-lens';
export { openModelCache } from './client/model-cache';
export { PauseController } from './client/pause-controller';
export { DEFAULT_SIGNAL_WEIGHTS, hybridScore } from './core/hybrid-score';
export { lexicalScore } from './core/lexical-weights';
export { signalScores } from './core/signal-scores';
export { colbertScore, denseScore } from './core/vector-scores';
export { isPhotoglotError, PhotoglotError } from './errors';
export { bgeM3Preset, siglip2VisionPreset } from './models/presets';
export type { PhotoglotErrorCode } from './errors';
export type {
  AddOptions,
  AddProgress,
  AddResult,
  CallOptions,
  Collection,
  DeviceOption,
  DtypeOption,
  EncodeTextOptions,
  ExportOptions,
  Hit,
  ImageSource,
  ImportCollectionOptions,
  ImportVectorsOptions,
  IntegrityOptions,
  ItemInput,
  KeyChange,
  Lens,
  LensInfo,
  LensOptions,
  LensProgress,
  LensTowerInfo,
  MemoryProfile,
  NpyFiles,
  OpenOptions,
  Query,
  QueryPart,
  ReembedOptions,
  SearchMode,
  SearchOptions,
  SearchResult,
  SearchUpdate,
  VectorFiles,
} from './client/api';
export type {
  Capabilities,
  StorageCapabilities,
  ThreadCapabilities,
  WasmCapabilities,
  WebGpuCapabilities,
  WebGpuLimits,
} from './client/capability-report';
export type {
  DeliveryOptions,
  DownloadedModel,
  DownloadOptions,
  ModelCache,
} from './client/model-cache-api';
export type { TextSignal } from './client/encoders';
export type { RejectedBackend } from './client/rejected-backend';
export type { Signal, SignalScores, SignalWeights } from './core/hybrid-score';
export type { LexicalWeights } from './core/lexical-weights';
export type { TextOutputs } from './core/merge-windows';
export type { TokenVectors } from './core/token-vectors';
export type { Backend, ModelManifest } from './models/manifest';
export type {
  BgeM3Dtype,
  PresetListing,
  PresetOptions,
  Siglip2VisionDtype,
} from './models/presets';
export type {
  CachedModel,
  CacheUsage,
  DeliveryProgress,
  FileListing,
  FileProgress,
  Integrity,
  VerifyProgress,
  VerifyReport,
} from './protocol/delivery-contract';
export type { Encryption } from './protocol/encryption';
export type {
  Finding,
  FindingKind,
  IntegrityProgress,
  IntegrityReport,
} from './protocol/integrity';
export type { Rows } from './protocol/rows';
export type {
  CollectionSummary,
  ItemRecord,
  Meta,
  MetaValue,
  ReembedReport,
  RowProgress,
  TextFields,
  VectorImportReport,
} from './protocol/store-contract';
export type { Fusion, FusionWeights, HitGroup, HitScores, SortBy } from './protocol/store-query';
export type { EncodedRows, EncodedText, TowerInfo } from './protocol/tower-contract';
export type {
  GeoBox,
  GeoCircle,
  GeoPoint,
  RangeCondition,
  Where,
  WhereCondition,
  WhereDate,
  WhereOperators,
  WhereValue,
} from './protocol/where';
