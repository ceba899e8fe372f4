/**
 * Checkpoints of the real classes, exported by training/export, through the SDK and against PyTorch:
 * every text output, pictures of every shape, in every format, on every backend.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lexicalScore, lexicalWeights, type LexicalWeights } from '../core/lexical-weights';
import type { TextOutputs } from '../core/merge-windows';
import { decodeVector } from '../models/golden-vectors';
import {
  astray,
  deviation,
  leastCentredCosine,
  meanPairwiseCosine,
  rowsIn,
} from '../runtime/test-workers/closeness';
import { patchwork } from '../runtime/test-workers/patchwork';
import {
  TINY,
  tinyReference,
  type ImageReference,
  type TinyReference,
} from '../runtime/test-workers/tiny-models';
import type { Lens } from './api';
import { createLens } from './create-lens';

/** Of the root mean square: what float32 in another order of sums may differ by. */
const EXACT = 1e-4;
/** int8 against float32, without what all outputs share. */
const QUANTIZED = 0.99;
/** Special tokens of XLM-R: their weights do not count. */
const IGNORED = new Set([0, 1, 2, 3]);
/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 600_000;

let reference: TinyReference;
beforeAll(async () => {
  reference = await tinyReference();
});

const denseOf = ({ texts }: TinyReference): Float32Array[] =>
  texts.map(({ dense }) => decodeVector(dense));
const embeddingsOf = (images: readonly ImageReference[]): Float32Array[] =>
  images.map(({ embedding }) => decodeVector(embedding));

test('the inputs are different enough to tell right from wrong', () => {
  expect(reference.texts.length).toBeGreaterThanOrEqual(32);
  expect(meanPairwiseCosine(denseOf(reference))).toBeLessThan(0.5);
  const dim = denseOf(reference)[0]?.length ?? 0;
  const tokens = reference.texts.flatMap(({ colbert }) => rowsIn(decodeVector(colbert), dim));
  expect(meanPairwiseCosine(tokens.filter((_, index) => index % 7 === 0))).toBeLessThan(0.5);
  for (const images of [reference.naflex, reference.fixed]) {
    expect(images.length).toBeGreaterThanOrEqual(32);
    expect(meanPairwiseCosine(embeddingsOf(images))).toBeLessThan(0.5);
  }
});

describe.each([
  { device: 'wasm', dtype: 'fp32' },
  { device: 'wasm', dtype: 'int8' },
  { device: 'webgpu', dtype: 'fp32' },
] as const)('$dtype on $device', ({ device, dtype }) => {
  let lens: Lens;
  beforeAll(async () => {
    lens = await createLens({ model: TINY.naflex, assets: '/', device, dtype });
  }, PATIENCE_MS);
  afterAll(() => lens.dispose());

  function expectClose(got: readonly Float32Array[], expected: readonly Float32Array[]): void {
    expect(got).toHaveLength(expected.length);
    if (dtype === 'fp32') {
      expected.forEach((vector, index) => {
        expect(deviation(got[index] ?? vector, vector), `row ${index}`).toBeLessThanOrEqual(EXACT);
      });
    } else {
      expect(leastCentredCosine(got, expected)).toBeGreaterThanOrEqual(QUANTIZED);
    }
    expect(astray(got, expected)).toEqual([]);
  }

  test('runs what was asked for', () => {
    expect(lens.info).toMatchObject({
      model: 'tiny-naflex',
      device,
      text: { provider: device, dtype },
      image: { provider: device, dtype },
    });
  });

  test(
    'texts: dense, sparse and multi-vector',
    async () => {
      const texts = reference.texts.map(({ text }) => text);
      const outputs = await lens.encodeText(texts, { sparse: true, colbert: true });
      expectClose(
        outputs.map(({ dense }) => dense),
        denseOf(reference),
      );
      expectClose(
        rowsIn((await lens.embedText(texts)).data, lens.info.dimension),
        denseOf(reference),
      );
      const { dimension } = lens.info;
      expectClose(
        outputs.flatMap(({ colbert }) => rowsIn(colbert?.data ?? new Float32Array(), dimension)),
        reference.texts.flatMap(({ colbert }) => rowsIn(decodeVector(colbert), dimension)),
      );
      reference.texts.forEach(({ text, ids, lexical }, index) => {
        const { sparse, colbert } = outputs[index] as TextOutputs;
        expect(colbert?.count, text).toBe(ids.length - 1);
        expectWeights(text, sparse, lexicalWeights(ids, decodeVector(lexical), IGNORED));
      });
    },
    PATIENCE_MS,
  );

  function expectWeights(text: string, got: LexicalWeights | null, expected: LexicalWeights): void {
    if (got === null) throw new Error('there are no weights');
    if (dtype === 'fp32') {
      expect([...got.ids], text).toEqual([...expected.ids]);
      expect(deviation(got.weights, expected.weights), text).toBeLessThanOrEqual(EXACT);
    } else if (expected.ids.length > 0) {
      const lengths = lexicalScore(got, got) * lexicalScore(expected, expected);
      const similarity = lexicalScore(got, expected) / Math.sqrt(lengths);
      expect(similarity, text).toBeGreaterThanOrEqual(QUANTIZED);
    }
  }

  test(
    'pictures of every shape, alone and side by side',
    async () => {
      const images = reference.naflex.map(({ seed, width, height }) =>
        patchwork(seed, width, height),
      );
      const { data, dim } = await lens.embedImage(images);
      expectClose(rowsIn(data, dim), embeddingsOf(reference.naflex));
      const [first] = reference.naflex;
      const alone = await lens.embedImage(images.slice(0, 1));
      const own = decodeVector(first?.embedding ?? '');
      if (dtype === 'fp32') expect(deviation(alone.data, own)).toBeLessThanOrEqual(EXACT);
    },
    PATIENCE_MS,
  );

  test(
    'pictures of a fixed size',
    async () => {
      const fixed = await createLens({ model: TINY.fixed, assets: '/', device, dtype });
      try {
        const images = reference.fixed.map(({ seed, width, height }) =>
          patchwork(seed, width, height),
        );
        const { data, dim } = await fixed.embedImage(images);
        expectClose(rowsIn(data, dim), embeddingsOf(reference.fixed));
      } finally {
        await fixed.dispose();
      }
    },
    PATIENCE_MS,
  );
});

test(
  'a collection of pictures of every shape finds each by itself',
  async () => {
    const lens = await createLens({ model: TINY.naflex, assets: '/' });
    try {
      const photos = await lens.open(`naflex ${crypto.randomUUID()}`);
      const images = reference.naflex.map(({ seed, width, height }) =>
        patchwork(seed, width, height),
      );
      const items = images.map((image, index) => ({ id: `${index}`, image }));
      const { added, failed } = await photos.add(items);
      expect([added.length, failed]).toEqual([images.length, []]);
      for (const [index, image] of images.entries()) {
        const [first, second] = (await photos.search({ image }, { limit: 2 })).hits;
        expect(first?.id).toBe(`${index}`);
        expect(first?.score).toBeCloseTo(1, 3);
        expect(second?.score, `beside ${index}`).toBeLessThan(0.999);
      }
      // Texts share the space, so a text finds pictures as well as itself.
      await photos.add([{ id: 'text', text: 'a dog on the beach' }]);
      const { hits } = await photos.search('a dog on the beach', { limit: images.length + 1 });
      expect([hits[0]?.id, hits.length]).toEqual(['text', images.length + 1]);
      expect(await photos.thumbnail('0')).toMatchObject({ type: 'image/jpeg' });
      await photos.clear();
    } finally {
      await lens.dispose();
    }
  },
  PATIENCE_MS,
);
