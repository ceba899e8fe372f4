/** Tiny CLIP and SigLIP models in real workers, by the real transformers.js, against PyTorch. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosine, decodeVector } from '../models/golden-vectors';
import { astray, rowsIn } from '../runtime/test-workers/closeness';
import { patchwork } from '../runtime/test-workers/patchwork';
import {
  TINY_DUAL,
  tinyDualReference,
  TRANSFORMERS_ORT,
  type TinyDualReference,
} from '../runtime/test-workers/tiny-dual-encoders';
import type { Lens, LensProgress } from './api';
import { createTransformersLens } from './create-transformers-lens';
import type { TransformersLensOptions } from './transformers-options';

/** float32 in another order of sums. */
const EXACT = 0.9999;
/** Pillow's resize here as there, but a crop may lie half a pixel elsewhere. */
const RESIZED = 0.999;
/** Nobody serves there. */
const DEAD = 'http://localhost:1/';
const PATIENCE_MS = 120_000;
/** WebGPU on the processor translates every shader on first use. */
const LONG_PATIENCE_MS = 600_000;

let reference: TinyDualReference;
beforeAll(async () => {
  reference = await tinyDualReference();
});

function load(changes: Partial<TransformersLensOptions> = {}): Promise<Lens> {
  const wasmPaths = TRANSFORMERS_ORT;
  return createTransformersLens({ model: TINY_DUAL.clip, dtype: 'fp32', wasmPaths, ...changes });
}

describe.each(['clip', 'siglip'] as const)('%s', (name) => {
  let lens: Lens;
  const progress: LensProgress[] = [];
  const vectorsOf = (items: readonly { readonly vector: string }[]): Float32Array[] =>
    items.map(({ vector }) => decodeVector(vector));

  beforeAll(async () => {
    lens = await load({ model: TINY_DUAL[name], onProgress: (each) => progress.push(each) });
  }, PATIENCE_MS);
  afterAll(() => lens.dispose());

  test('what it is, it is told by the model itself', () => {
    expect(lens.info).toMatchObject({
      model: new URL(TINY_DUAL[name], location.href).href,
      version: 'main+fp32',
      dimension: reference.dimensions[name],
      text: { provider: 'wasm', dtype: 'fp32', threads: 1 },
      image: { provider: 'wasm', dtype: 'fp32' },
      integrity: 'unchecked',
    });
  });

  test('the progress never falls, names the files and ends with all of them', () => {
    const phases = progress.map(({ phase }) => phase);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual([
      'manifest',
      'download',
      'session',
      'ready',
    ]);
    for (const field of ['loaded', 'total'] as const) {
      const values = progress.map((each) => each[field]);
      expect(values, field).toEqual(values.toSorted((a, b) => a - b));
    }
    const { phase, loaded, total, files } = progress.at(-1) ?? {};
    expect(phase).toBe('ready');
    expect(loaded).toBe(total);
    expect(files?.map((file) => file.name)).toEqual(
      expect.arrayContaining([
        'config.json',
        'tokenizer.json',
        'preprocessor_config.json',
        'onnx/text_model.onnx',
        'onnx/vision_model.onnx',
      ]),
    );
  });

  test('texts are what PyTorch gives: alone, together, too long, empty', async () => {
    const { texts } = reference[name];
    const expected = vectorsOf(texts);
    const { data, dim } = await lens.embedText(texts.map(({ text }) => text));
    const together = rowsIn(data, dim);
    expect(astray(together, expected)).toEqual([]);
    for (const [index, { text }] of texts.entries()) {
      const wanted = expected[index] ?? new Float32Array();
      expect(cosine(together[index] ?? new Float32Array(), wanted), text).toBeGreaterThan(EXACT);
      const alone = await lens.embedText([text]);
      expect(cosine(alone.data, wanted), text).toBeGreaterThan(EXACT);
      expect(Math.hypot(...alone.data)).toBeCloseTo(1, 5);
    }
  });

  test('pictures are what PyTorch gives, resized or not', async () => {
    const { images } = reference[name];
    const pictures = images.map(({ seed, width, height }) => patchwork(seed, width, height));
    const { data, dim } = await lens.embedImage(pictures);
    vectorsOf(images).forEach((wanted, index) => {
      const got = data.subarray(index * dim, (index + 1) * dim);
      const bar = index === 0 ? EXACT : RESIZED;
      expect(cosine(got, wanted), `picture ${index}`).toBeGreaterThan(bar);
    });
  });

  test('a collection finds pictures by picture and by text', async () => {
    const photos = await lens.open(`transformers-${name}`);
    await photos.clear();
    const { images, texts } = reference[name];
    const pictures = images.map(({ seed, width, height }) => patchwork(seed, width, height));
    const items = pictures.map((image, index) => ({ id: `${index}`, image }));
    expect(await photos.add(items)).toMatchObject({ added: items.map(({ id }) => id), failed: [] });
    const [first] = (await photos.search({ image: pictures[0] ?? '' })).hits;
    expect([first?.id, first?.score]).toEqual(['0', expect.closeTo(1, 4)]);
    expect(await photos.thumbnail('0')).toMatchObject({ type: 'image/jpeg' });
    const [text] = texts;
    const wanted = decodeVector(text?.vector ?? '');
    const cosines = vectorsOf(images).map((vector) => cosine(vector, wanted));
    const { hits } = await photos.search(text?.text ?? '');
    const nearest = cosines.indexOf(Math.max(...cosines));
    expect(hits[0]?.id).toBe(`${nearest}`);
    expect(hits[0]?.score).toBeCloseTo(cosines[nearest] ?? NaN, 2);
  });
});

describe('the life of a lens', () => {
  let lens: Lens;
  beforeAll(async () => {
    lens = await load();
  }, PATIENCE_MS);
  afterAll(() => lens.dispose());

  test('a query overtakes the texts of an index', async () => {
    const done: string[] = [];
    const many = Array.from({ length: 400 }, (_, index) => `a dog on the beach ${index}`);
    const note = (name: string) => () => done.push(name);
    await Promise.all([
      lens.embedText(many).then(note('many')),
      lens.embedText(['a query']).then(note('query')),
    ]);
    expect(done).toEqual(['query', 'many']);
  });

  test('a run that fails is reported, and the next call works', async () => {
    const [known] = reference.clip.texts;
    await expect(lens.embedText([reference.missing])).rejects.toMatchObject({
      code: 'session-failed',
    });
    const { data } = await lens.embedText([known?.text ?? '']);
    expect(cosine(data, decodeVector(known?.vector ?? ''))).toBeGreaterThan(EXACT);
  });

  test('a bad picture fails alone', async () => {
    const photos = await lens.open('transformers-bad');
    await photos.clear();
    const good = patchwork(1, 50, 40);
    const { added, failed } = await photos.add([new Blob(['no picture']), { image: good }]);
    expect([added.length, failed.map(({ code }) => code)]).toEqual([1, ['unsupported-type']]);
  });

  test('it is unloaded, and loaded again by the next call', async () => {
    const before = await lens.embedText(['dog']);
    await lens.unload();
    expect(await lens.embedText(['dog'])).toEqual(before);
  });

  test('an aborted call rejects, others go on', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const many = lens.embedText(new Array<string>(400).fill('a long walk on the beach'), {
      signal,
    });
    const other = lens.embedText(['dog']);
    controller.abort();
    await expect(many).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
    expect((await other).count).toBe(1);
  });

  test('all outputs of a text are its one vector', async () => {
    const [output] = await lens.encodeText(['dog']);
    const { data } = await lens.embedText(['dog']);
    expect(output).toMatchObject({ dense: data, sparse: null, colbert: null });
    await expect(lens.encodeText(['dog'], { sparse: true })).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test(
    'vectors of other weights do not open its collections',
    async () => {
      const other = await load({ revision: 'v2' });
      try {
        await lens.open('transformers-revisions');
        await expect(other.open('transformers-revisions')).rejects.toMatchObject({
          code: 'model-mismatch',
        });
      } finally {
        await other.dispose();
      }
    },
    PATIENCE_MS,
  );

  test(
    'on WebGPU its vectors are the same',
    async () => {
      const other = await load({ device: 'webgpu' });
      try {
        expect(other.info.text).toMatchObject({ provider: 'webgpu', dtype: 'fp32' });
        const texts = reference.clip.texts.map(({ text }) => text);
        const rows = await other.embedText(texts);
        const [image] = reference.clip.images;
        const { seed, width, height, vector } = image ?? {
          seed: 0,
          width: 1,
          height: 1,
          vector: '',
        };
        const picture = await other.embedImage([patchwork(seed, width, height)]);
        expect(cosine(picture.data, decodeVector(vector))).toBeGreaterThan(EXACT);
        reference.clip.texts.forEach(({ text, vector: wanted }, index) => {
          const got = rows.data.subarray(index * rows.dim, (index + 1) * rows.dim);
          expect(cosine(got, decodeVector(wanted)), text).toBeGreaterThan(EXACT);
        });
      } finally {
        await other.dispose();
      }
    },
    LONG_PATIENCE_MS,
  );

  test('after dispose everything rejects', async () => {
    await lens.dispose();
    await expect(lens.embedText(['dog'])).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe('what goes wrong while it is loaded', () => {
  test('without the library it says how to get it', async () => {
    await expect(load({ library: `${DEAD}transformers.js` })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining(DEAD) as string,
    });
  });

  test('a model that is not there', async () => {
    const host = '/@id/nowhere/';
    await expect(load({ model: 'nobody/nothing', host })).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringContaining('nobody/nothing') as string,
    });
  });

  test('a number format that the model does not have', async () => {
    await expect(load({ dtype: 'q4' })).rejects.toMatchObject({ code: 'model-not-found' });
  });

  test('a server that does not answer', async () => {
    const failing = load({ model: 'nobody/nothing', host: DEAD });
    await expect(failing).rejects.toMatchObject({ code: 'network' });
  });

  test('no ONNX Runtime where it should be', async () => {
    await expect(load({ wasmPaths: DEAD })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining(DEAD) as string,
    });
  });

  test('it is aborted', async () => {
    const controller = new AbortController();
    const loading = load({
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase === 'download') controller.abort();
      },
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted' });
  });
});
