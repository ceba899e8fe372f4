import { expectTypeOf, test } from 'vitest';
import { createLens, isPhotoglotError } from './index';
import type { Collection, Lens, LensOptions, PhotoglotError, Rows, SearchResult } from './index';

test('a lens', () => {
  expectTypeOf(createLens).toEqualTypeOf<(options: LensOptions) => Promise<Lens>>();
  expectTypeOf<LensOptions['device']>().toEqualTypeOf<'wasm' | 'webgpu' | undefined>();
  expectTypeOf<Lens['embedText']>().returns.toEqualTypeOf<Promise<Rows>>();
  expectTypeOf<Lens['embedImage']>().returns.toEqualTypeOf<Promise<Rows>>();
  expectTypeOf<Rows['data']>().toEqualTypeOf<Float32Array<ArrayBuffer>>();
});

test('a collection', () => {
  expectTypeOf<Lens['open']>().returns.toEqualTypeOf<Promise<Collection>>();
  expectTypeOf<Collection['search']>().returns.toEqualTypeOf<Promise<SearchResult>>();
  expectTypeOf<Collection['add']>().parameter(0).not.toBeAny();
});

test('an error is narrowed', () => {
  const thrown: unknown = null;
  if (isPhotoglotError(thrown)) expectTypeOf(thrown).toEqualTypeOf<PhotoglotError>();
});
