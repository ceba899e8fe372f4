import { expectTypeOf, test } from 'vitest';
import { createLens, isPhotoglotError } from './index';
import type {
  Collection,
  DownloadedModel,
  Lens,
  LensOptions,
  ModelManifest,
  PhotoglotError,
  EncodedRows,
  Rows,
  SearchOptions,
  SearchResult,
  Where,
} from './index';
import type * as modelCache from './model-cache';

test('a lens', () => {
  expectTypeOf(createLens).toEqualTypeOf<(options: LensOptions) => Promise<Lens>>();
  expectTypeOf<LensOptions['device']>().toEqualTypeOf<'auto' | 'wasm' | 'webgpu' | undefined>();
  expectTypeOf<Lens['embedText']>().returns.toEqualTypeOf<Promise<EncodedRows>>();
  expectTypeOf<EncodedRows>().toExtend<Rows>();
  expectTypeOf<Lens['embedImage']>().returns.toEqualTypeOf<Promise<Rows>>();
  expectTypeOf<Rows['data']>().toEqualTypeOf<Float32Array<ArrayBuffer>>();
});

test('a collection', () => {
  expectTypeOf<Lens['open']>().returns.toEqualTypeOf<Promise<Collection>>();
  expectTypeOf<Collection['search']>().returns.toEqualTypeOf<Promise<SearchResult>>();
  expectTypeOf<Collection['add']>().parameter(0).not.toBeAny();
});

test('a filter', () => {
  expectTypeOf<SearchOptions['where']>().toEqualTypeOf<Where | undefined>();
  expectTypeOf({
    type: 'image/jpeg',
    size: { gt: 1000, lt: 5_000_000 },
    taken: { gte: new Date(0), lt: { date: '2025-01-01' } },
    tags: { hasAny: ['beach', 'snow'], not: { has: 'private' } },
    place: { within: { south: -20, west: 175, north: -10, east: -175 } },
    or: [{ 'camera.make': { in: ['Canon', null] } }, { not: [{ camera: { exists: true } }] }],
  }).toExtend<Where>();
  expectTypeOf({ tags: ['beach'] }).not.toExtend<Where>();
  expectTypeOf({ size: { above: 5 } }).not.toExtend<Where>();
  expectTypeOf({ place: { near: { lat: 0, lon: 0 } } }).not.toExtend<Where>();
  expectTypeOf({ or: { kind: 'cat' } }).not.toExtend<Where>();
});

test('a downloaded model', () => {
  expectTypeOf<DownloadedModel['manifest']>().toEqualTypeOf<ModelManifest | null>();
  expectTypeOf<ModelManifest['files']>().not.toBeAny();
});

test('the model cache by itself has names for all that it takes and gives', () => {
  type Download = Parameters<modelCache.ModelCache['download']>;
  expectTypeOf<Download[0]>().toEqualTypeOf<string | URL | modelCache.FileListing>();
  expectTypeOf<Download[1]>().toEqualTypeOf<modelCache.DownloadOptions | undefined>();
  expectTypeOf<modelCache.DownloadOptions>().toExtend<modelCache.CallOptions>();
  expectTypeOf<modelCache.DownloadOptions['device']>().toEqualTypeOf<
    modelCache.DeviceOption | undefined
  >();
  expectTypeOf<modelCache.DownloadOptions['dtype']>().toEqualTypeOf<
    modelCache.DtypeOption | undefined
  >();
  expectTypeOf<
    modelCache.DownloadedModel['manifest']
  >().toEqualTypeOf<modelCache.ModelManifest | null>();
});

test('an error is narrowed', () => {
  const thrown: unknown = null;
  if (isPhotoglotError(thrown)) expectTypeOf(thrown).toEqualTypeOf<PhotoglotError>();
});
