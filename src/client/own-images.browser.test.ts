/** The image tower of our own behind a lens: what is loaded, how near it is, and queries beside it. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { cosine } from '../models/golden-vectors';
import { rowsIn } from '../runtime/test-workers/closeness';
import { patchwork } from '../runtime/test-workers/patchwork';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { Lens, LensOptions } from './api';
import { createLens } from './create-lens';

/** Of 7 bits against float32, on weights as small as these. */
const QUANTIZED = 0.99;
const SIZES = [
  [64, 64],
  [320, 60],
  [90, 400],
  [33, 47],
] as const;

let lens: Lens | undefined;
afterEach(async () => {
  await lens?.dispose();
  lens = undefined;
});

async function open(options: Partial<LensOptions> = {}): Promise<Lens> {
  lens = await createLens({ model: TINY.int7, assets: '/', device: 'wasm', ...options });
  return lens;
}

const pictures = SIZES.map(([width, height], seed) => patchwork(seed, width, height));

let float: readonly Float32Array[];
beforeAll(async () => {
  const { data, dim } = await (await open({ dtype: 'fp32' })).embedImage(pictures);
  float = rowsIn(data, dim);
  await lens?.dispose();
});

test('it is what WASM takes first, tested with golden vectors, and near to float32', async () => {
  const opened = await open();
  expect(opened.info.image).toMatchObject({ provider: 'wasm', dtype: 'int7', rejected: [] });
  const { data, dim } = await opened.embedImage(pictures);
  expect(rowsIn(data, dim)).toHaveLength(SIZES.length);
  rowsIn(data, dim).forEach((row, index) => {
    expect(cosine(row, float[index] ?? row)).toBeGreaterThan(QUANTIZED);
  });
});

test('queries and pictures at the same time give what they give alone', async () => {
  const opened = await open();
  const alone = {
    text: (await opened.embedText(['a dog'])).data,
    images: (await opened.embedImage(pictures)).data,
  };
  const indexing = opened.embedImage([...pictures, ...pictures, ...pictures]);
  for (let time = 0; time < 5; time++) {
    expect((await opened.embedText(['a dog'])).data).toEqual(alone.text);
  }
  expect((await indexing).data.subarray(0, alone.images.length)).toEqual(alone.images);
});
