/** The model cache by itself, `photoglot/model-cache`: for pages that run their models otherwise. */
export { openModelCache } from './client/model-cache';
export { PauseController } from './client/pause-controller';
export { isPhotoglotError, PhotoglotError } from './errors';
export { bgeM3Preset, siglip2VisionPreset } from './models/presets';
export type { PhotoglotErrorCode } from './errors';
export type { CallOptions, DeviceOption, DtypeOption } from './client/api';
export type {
  DeliveryOptions,
  DownloadedModel,
  DownloadOptions,
  ModelCache,
} from './client/model-cache-api';
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
