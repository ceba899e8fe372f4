/**
 * The whole browser path, on every backend, against the vectors of the float model and against
 * what native ONNX Runtime makes of the same files (training/tests/make_native_vectors.py).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goldenImage } from '../models/golden-images';
import { cosine, decodeVector } from '../models/golden-vectors';
import type { ModelManifest } from '../models/manifest';
import { parseManifest } from '../models/parse-manifest';
import type { Lens } from './api';
import { createLens } from './create-lens';

const LEAST_COSINE = 0.98;
const LEAST_NATIVE_COSINE = 0.999;
/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 600_000;

interface NativeVectors {
  readonly sha256: Readonly<Record<string, string>>;
  readonly text: ModelManifest['golden']['text'];
  readonly image: ModelManifest['golden']['image'];
}

let manifest: ModelManifest;
let native: NativeVectors;
beforeAll(async () => {
  manifest = parseManifest(await (await fetch('/models/mini/manifest.json')).json());
  const recorded = await fetch(new URL('./fixtures/mini-native.json', import.meta.url));
  native = (await recorded.json()) as NativeVectors;
});

test('the native vectors are of these files', () => {
  const files = Object.keys(native.sha256).map((name) => [name, manifest.files[name]?.sha256]);
  expect(Object.fromEntries(files)).toEqual(native.sha256);
});

describe.each(['wasm', 'webgpu'] as const)('%s', (device) => {
  let lens: Lens;
  beforeAll(async () => {
    lens = await createLens({ model: 'mini', device, assets: '/' });
  }, PATIENCE_MS);
  afterAll(() => lens.dispose());

  test('texts', async () => {
    const { golden, dimension } = manifest;
    for (const { input, vector } of golden.text) {
      const { data, count, dim } = await lens.embedText([input]);
      expect([count, dim]).toEqual([1, dimension]);
      expect(cosine(data, decodeVector(vector)), input).toBeGreaterThanOrEqual(LEAST_COSINE);
      expect(Math.hypot(...data), input).toBeCloseTo(1, 4);
    }
    for (const { input, vector } of native.text) {
      const { data } = await lens.embedText([input]);
      expect(cosine(data, decodeVector(vector)), input).toBeGreaterThanOrEqual(LEAST_NATIVE_COSINE);
    }
    // Side by side they are padded; padding must not leak into the vectors.
    const rows = await lens.embedText(golden.text.map(({ input }) => input));
    golden.text.forEach(({ input, vector }, row) => {
      const own = rows.data.subarray(row * dimension, (row + 1) * dimension);
      expect(cosine(own, decodeVector(vector)), input).toBeGreaterThanOrEqual(LEAST_COSINE);
    });
  });

  test(
    'images',
    async () => {
      for (const { input, vector } of manifest.golden.image) {
        const { data, width, height } = goldenImage(input);
        const row = await lens.embedImage([new ImageData(data, width, height)]);
        expect(cosine(row.data, decodeVector(vector)), input).toBeGreaterThanOrEqual(LEAST_COSINE);
        expect(Math.hypot(...row.data), input).toBeCloseTo(1, 4);
        const own = native.image.find((each) => each.input === input)?.vector ?? '';
        expect(cosine(row.data, decodeVector(own)), input).toBeGreaterThanOrEqual(
          LEAST_NATIVE_COSINE,
        );
      }
    },
    PATIENCE_MS,
  );

  test('says what runs where', () => {
    const { text, image } = manifest;
    expect(lens.info).toMatchObject({
      model: manifest.id,
      version: manifest.version,
      dimension: manifest.dimension,
      device,
      integrity: 'verified',
      stored: true,
      safeMode: null,
      text: { provider: text.backends[device][0]?.provider ?? device, threads: 1 },
      image: { provider: image.backends[device][0]?.provider ?? device },
    });
    // The test pages are cross-origin isolated; without threads indexing is half as fast.
    const most = Math.min(4, navigator.hardwareConcurrency);
    expect(lens.info.image.threads).toBe(lens.info.image.provider === 'wasm' ? most : 1);
  });
});
