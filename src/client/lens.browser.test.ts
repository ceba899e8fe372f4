/** `createLens` and what it resolves to, with the real model in real workers. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import { goldenImage } from '../models/golden-images';
import { cosine } from '../models/golden-vectors';
import type { ImageSource, Lens, LensOptions, LensProgress } from './api';
import { createLens } from './create-lens';

const ASSETS = '/';
/** Nobody serves there. */
const DEAD = 'http://localhost:1/';

/** On a busy machine translating ONNX Runtime alone takes half a minute. */
const HOOK_MS = 120_000;

const workers: Worker[] = [];
const RealWorker = globalThis.Worker;

/** Notes every worker, so that a test can end one from outside. */
class NotedWorker extends RealWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.push(this);
  }
}

beforeAll(() => {
  globalThis.Worker = NotedWorker;
});
afterAll(() => {
  globalThis.Worker = RealWorker;
});

async function failureOf(call: Promise<unknown>): Promise<PhotoglotError> {
  const outcome = await call.then(
    () => 'resolved',
    (thrown: unknown) => thrown,
  );
  if (outcome instanceof PhotoglotError) return outcome;
  throw new Error('not a PhotoglotError', { cause: outcome });
}

/** How many of our workers are alive: each holds a lock. */
async function alive(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name = '' }) => name.startsWith('photoglot-worker-')).length;
}

function golden(name: string): ImageData {
  const { data, width, height } = goldenImage(name);
  return new ImageData(data, width, height);
}

function drawn(name: string): HTMLCanvasElement {
  const pixels = golden(name);
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}

describe('options', () => {
  test.each([
    [{ model: 'huge' }, 'model-not-found', 'There is no model "huge". Known models: mini'],
    [
      { model: 7 },
      'invalid-input',
      '"model" must be the name of a model or the URL of its folder; got number',
    ],
    [{ model: 'mini', device: 'gpu' }, 'invalid-input', '"auto", "wasm" or "webgpu"; got "gpu"'],
    [
      { model: 'mini', assets: 'http://' },
      'invalid-input',
      '"assets" must be the URL of a folder; got http://',
    ],
    [{ model: 'mini', onProgress: 'yes' }, 'invalid-input', 'a function; got "yes"'],
    [{ model: 'mini', signal: {} }, 'invalid-input', 'an AbortSignal; got object'],
  ])('%j is %s', async (options, code, message) => {
    const error = await failureOf(createLens(options as LensOptions));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe('loading', () => {
  test('reports progress that only grows and ends with "ready"', async () => {
    const seen: LensProgress[] = [];
    const onProgress = (progress: LensProgress): void => void seen.push(progress);
    const lens = await createLens({ model: 'mini', assets: ASSETS, onProgress });
    await lens.dispose();
    expect(seen[0]).toMatchObject({ phase: 'manifest', loaded: 0, total: 0, files: [] });
    expect(seen.at(-1)?.phase).toBe('ready');
    const loaded = seen.map((progress) => progress.loaded);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(seen.at(-1)?.total);
    const order = ['manifest', 'download', 'session', 'ready'];
    const phases = seen.map(({ phase }) => order.indexOf(phase));
    expect(phases).toEqual([...phases].sort((a, b) => a - b));
    await expect.poll(alive).toBe(0);
  });

  test('from nowhere fails with "network", leaves no worker, and may be repeated', async () => {
    const error = await failureOf(createLens({ model: 'mini', assets: DEAD }));
    expect(error.code).toBe('network');
    await expect.poll(alive).toBe(0);
    const lens = await createLens({ model: 'mini', assets: ASSETS });
    await lens.dispose();
  });

  test.each(['manifest', 'download', 'session'])('aborted in phase %s ends all', async (phase) => {
    const controller = new AbortController();
    const onProgress = (progress: LensProgress): void => {
      if (progress.phase === phase) controller.abort();
    };
    const options = { model: 'mini', assets: ASSETS, signal: controller.signal, onProgress };
    expect((await failureOf(createLens(options))).code).toBe('aborted');
    await expect.poll(alive).toBe(0);
  });
});

describe('a lens', () => {
  let lens: Lens;
  beforeAll(async () => {
    lens = await createLens({ model: 'mini', assets: ASSETS });
  }, HOOK_MS);
  afterAll(() => lens.dispose());

  test('embeds no text as no rows, and any text as a row', async () => {
    const { dimension } = lens.info;
    expect(await lens.embedText([])).toMatchObject({ count: 0, dim: dimension });
    const odd = await lens.embedText(['', ' ', '犬'.repeat(1000), '\u0000', '🐕']);
    expect(odd.data).toHaveLength(5 * dimension);
    for (let row = 0; row < 5; row++) {
      const vector = odd.data.subarray(row * dimension, (row + 1) * dimension);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 3);
    }
  });

  test('refuses what are no texts or images', async () => {
    const texts = ['a', 1] as unknown as string[];
    expect((await failureOf(lens.embedText(texts))).message).toContain('item 1 is of type number');
    const word = 'word' as unknown as string[];
    expect((await failureOf(lens.embedText(word))).code).toBe('invalid-input');
    expect((await failureOf(lens.embedImage(word))).code).toBe('invalid-input');
    const objects = [{}] as unknown as ImageSource[];
    expect((await failureOf(lens.embedImage(objects))).code).toBe('invalid-input');
  });

  test('takes a picture in every form, and leaves the page’s own alone', async () => {
    const canvas = drawn('circles');
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
    if (blob === null) throw new Error('no blob');
    const url = URL.createObjectURL(blob);
    const image = new Image();
    image.src = url;
    const bitmap = await createImageBitmap(canvas);
    const offscreen = new OffscreenCanvas(canvas.width, canvas.height);
    offscreen.getContext('2d')?.drawImage(canvas, 0, 0);
    const pixels = golden('circles');
    const file = new File([blob], 'circles.png');
    const forms = [blob, file, url, new URL(url), image, canvas, offscreen, bitmap, pixels];
    const { data, count, dim } = await lens.embedImage(forms);
    expect(count).toBe(forms.length);
    const first = data.subarray(0, dim);
    for (let row = 1; row < count; row++) {
      const similarity = cosine(first, data.subarray(row * dim, (row + 1) * dim));
      expect(similarity, `form ${row}`).toBeGreaterThan(0.999);
    }
    expect([bitmap.width, pixels.data.length]).toEqual([canvas.width, 320 * 240 * 4]);
  });

  test('names the picture that cannot be encoded', async () => {
    const bad = new File(['just words'], 'photo.jpg', { type: 'image/jpeg' });
    const error = await failureOf(lens.embedImage([golden('checker'), bad]));
    expect([error.code, error.message.startsWith('Image 1 ')]).toEqual(['unsupported-type', true]);
    const missing = await failureOf(lens.embedImage([`${DEAD}none.jpg`]));
    expect(missing.code).toBe('fetch-failed');
  });

  test('a single picture overtakes many', async () => {
    const order: string[] = [];
    const many = Array.from({ length: 24 }, () => golden('gradient'));
    const indexing = lens.embedImage(many).then(() => order.push('many'));
    const query = lens.embedImage([golden('checker')]).then(() => order.push('one'));
    await Promise.all([indexing, query]);
    expect(order).toEqual(['one', 'many']);
  });

  test('stops when aborted, and goes on afterwards', async () => {
    const controller = new AbortController();
    const many = Array.from({ length: 24 }, () => golden('gradient'));
    const call = lens.embedImage(many, { signal: controller.signal });
    controller.abort();
    expect((await failureOf(call)).code).toBe('aborted');
    expect((await lens.embedImage([golden('gradient')])).count).toBe(1);
  });

  test('opens collections, which use the towers', async () => {
    const photos = await lens.open('lens-test');
    const blob = await new Promise<Blob | null>((resolve) => drawn('checker').toBlob(resolve));
    const { added, failed } = await photos.add([blob ?? '', { text: 'a dog' }] as Blob[]);
    expect([added.length, failed]).toEqual([2, []]);
    const { hits } = await photos.search('a dog', { limit: 1 });
    expect(hits[0]?.id).toBe(added[1]);
    expect(hits[0]?.score).toBeGreaterThan(0.98);
    const thumbnail = await photos.thumbnail(added[0] ?? '');
    expect(thumbnail?.type).toBe('image/jpeg');
    const listed = await lens.collections();
    expect(listed.find(({ name }) => name === 'lens-test')).toMatchObject({
      model: `${lens.info.model}@${lens.info.version}`,
      dimension: lens.info.dimension,
      count: 2,
    });
    await photos.clear();
  });

  test('loads a tower again when its worker died', async () => {
    const before = await lens.embedText(['perro']);
    const pending = failureOf(lens.embedImage([golden('gradient'), golden('circles')]));
    for (const worker of workers) worker.terminate();
    expect((await pending).code).toBe('worker-crashed');
    await expect.poll(alive).toBe(0);
    const after = await lens.embedText(['perro']);
    expect(after.data).toEqual(before.data);
    expect((await lens.embedImage([golden('gradient')])).count).toBe(1);
  });
});

describe('dispose', () => {
  let lens: Lens;
  beforeAll(async () => {
    lens = await createLens({ model: 'mini', assets: ASSETS });
  }, HOOK_MS);
  afterEach(() => lens.dispose());

  test('rejects pending and later calls', async () => {
    const pending = failureOf(lens.embedImage([golden('gradient')]));
    await lens.dispose();
    expect((await pending).code).toBe('disposed');
    expect((await failureOf(lens.embedText(['dog']))).code).toBe('disposed');
    expect((await failureOf(lens.collections())).code).toBe('disposed');
    await expect.poll(alive).toBe(0);
  });
});
