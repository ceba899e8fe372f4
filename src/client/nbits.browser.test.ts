/** Towers in N bits through the SDK, on WebGPU, against what ONNX Runtime gave when they were exported. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goldenImage } from '../models/golden-images';
import { cosine, decodeVector } from '../models/golden-vectors';
import type { GoldenVectors, ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type { Tower } from '../protocol/tower-contract';
import { TINY } from '../runtime/test-workers/tiny-models';
import { createLens } from './create-lens';

/** Another order of sums. */
const EQUAL = 0.9999;
/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 600_000;

let manifest: ModelManifest;
beforeAll(async () => {
  const answer = await fetch(`${TINY.nbits}manifest.json`);
  manifest = parseManifest(await answer.json());
});
// So that the self-test is run in full.
beforeEach(() => {
  localStorage.clear();
});
afterEach(() => {
  localStorage.clear();
});

function goldenOf(tower: Tower, dtype: string): GoldenVectors['text'] {
  const golden = manifest[tower].backends.webgpu.find((each) => each.dtype === dtype)?.golden;
  if (golden === undefined) throw new Error(`The ${tower} tower has no vectors in ${dtype}.`);
  return golden;
}

describe.each(['q4', 'w8'])('%s', (dtype) => {
  test(
    'gives its own vectors on WebGPU',
    async () => {
      const lens = await createLens({ model: TINY.nbits, assets: '/', device: 'webgpu', dtype });
      try {
        const { text, image } = lens.info;
        for (const tower of [text, image]) {
          expect(tower).toMatchObject({ provider: 'webgpu', dtype, rejected: [] });
        }
        for (const { input, vector } of goldenOf('text', dtype)) {
          const { data } = await lens.embedText([input]);
          expect(cosine(data, decodeVector(vector)), input).toBeGreaterThan(EQUAL);
        }
        for (const { input, vector } of goldenOf('image', dtype)) {
          const { data, width, height } = goldenImage(input);
          const picture = await lens.embedImage([new ImageData(data, width, height)]);
          expect(cosine(picture.data, decodeVector(vector)), input).toBeGreaterThan(EQUAL);
        }
      } finally {
        await lens.dispose();
      }
    },
    PATIENCE_MS,
  );

  test(
    'has the words of its languages alone',
    async () => {
      const languages = ['el'];
      const options = { model: TINY.nbits, assets: '/', device: 'webgpu', dtype } as const;
      const all = await createLens(options);
      const whole = await all.embedText(['σκύλος']);
      await all.dispose();
      const some = await createLens({ ...options, languages });
      try {
        expect((await some.embedText(['σκύλος'])).data).toEqual(whole.data);
        expect((await some.embedText(['и'])).missing).toEqual(['и']);
      } finally {
        await some.dispose();
      }
    },
    PATIENCE_MS,
  );

  test('is not for WASM', async () => {
    const asked = createLens({ model: TINY.nbits, assets: '/', device: 'wasm', dtype });
    await expect(asked).rejects.toMatchObject({ code: 'backend-unavailable' });
  });
});

test('where it was not asked for, WASM takes what it runs best', async () => {
  const lens = await createLens({ model: TINY.nbits, assets: '/', device: 'wasm' });
  await lens.dispose();
  expect([lens.info.text.dtype, lens.info.image.dtype]).toEqual(['int8', 'int8']);
});
