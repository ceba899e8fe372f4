import { expect, test } from 'vitest';
import { ownCell, photosFor, sweepCells } from './indexing-cells.mjs';
import { dtypesOf, type ImageVariant } from './image-variants.mjs';
import { readManifest } from './text-variant.mjs';

const manifest = await readManifest('public/models/mini');
const variantOf = (dtype: string | null): ImageVariant => ({
  folder: 'twins/base',
  model: 'base',
  path: '/model-0',
  dtype,
  imageBytes: 1,
  manifest,
});

test('runs as long as the time allows, in whole batches', () => {
  expect(photosFor({ perSecond: 3, seconds: 8, batch: 1, most: 64 })).toBe(24);
  expect(photosFor({ perSecond: 3.1, seconds: 8, batch: 4, most: 64 })).toBe(28);
});

test('runs two batches however slow a model is, and no more photos than there are', () => {
  expect(photosFor({ perSecond: 0.3, seconds: 8, batch: 4, most: 64 })).toBe(8);
  expect(photosFor({ perSecond: 20, seconds: 8, batch: 4, most: 64 })).toBe(64);
  expect(photosFor({ perSecond: 20, seconds: 8, batch: 8, most: 12 })).toBe(12);
});

test('sweeps all combinations, with a folder for each batch size', () => {
  const cells = sweepCells([variantOf('int8'), variantOf('int7')], [1, 4]);
  expect(cells.map(({ variant, batch, page }) => [variant.dtype, batch, page])).toEqual([
    ['int8', 1, 'plain'],
    ['int8', 1, 'isolated'],
    ['int8', 4, 'plain'],
    ['int8', 4, 'isolated'],
    ['int7', 1, 'plain'],
    ['int7', 1, 'isolated'],
    ['int7', 4, 'plain'],
    ['int7', 4, 'isolated'],
  ]);
  expect(new Set(cells.map(({ assets }) => assets)).size).toBe(2);
});

test('takes the batch of the manifest for a profile', () => {
  expect(ownCell(variantOf(null))).toMatchObject({ batch: 4, page: 'isolated' });
});

test('takes the number formats that a model has, and else its own', () => {
  expect(dtypesOf(manifest, ['int7', 'int8-weights'])).toEqual(['int8-weights']);
  expect(dtypesOf(manifest, ['int7', 'int8'])).toEqual([null]);
  expect(dtypesOf(manifest, [])).toEqual([null]);
});
