/** Which form of a tower runs in the end, with variants that are broken on purpose, in real workers. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { deviation } from '../runtime/test-workers/closeness';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { TowerLoad } from '../protocol/tower-contract';
import type { LensInfo, LensOptions, LensProgress } from './api';
import { createLens } from './create-lens';
import { AlteredModel, backwards, FORMS } from './test-workers/altered-model';
import { hungryRun, hungrySession } from './test-workers/hungry-graph';
import { TowerWatch } from './test-workers/tower-watch';
import { WorkerLink } from './worker-link';

/** WebGPU on the processor translates every shader on first use. */
const PATIENCE_MS = 240_000;
const { text, image } = FORMS;
/** Weights of the float model that are not its own. */
let wrong: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
beforeAll(async () => {
  const names = ['text.fp32.onnx_data', 'image.fp32.onnx_data'];
  wrong = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await backwards(name)] as const)),
  );
});

const watch = new TowerWatch();
/** Whether each tower that was loaded had passed the test before. */
let tested: (boolean | undefined)[] = [];

beforeEach(() => {
  localStorage.clear();
  watch.start();
  tested = [];
  const { prototype } = WorkerLink as unknown as { prototype: { call: AnyCall } };
  const { call } = prototype;
  vi.spyOn(prototype, 'call').mockImplementation(function (this: unknown, method, args, options) {
    if (method === 'load') tested.push((args as TowerLoad).tested);
    return call.call(this, method, args, options);
  });
});
afterEach(() => {
  watch.stop();
  watch.reset();
  vi.restoreAllMocks();
  localStorage.clear();
});

type AnyCall = (method: string, args: unknown, options: unknown) => Promise<unknown>;

async function infoOf(
  model: AlteredModel | string,
  options: Partial<LensOptions> = {},
): Promise<LensInfo> {
  watch.reset();
  const url = typeof model === 'string' ? model : model.url;
  const lens = await createLens({ model: url, assets: '/', device: 'wasm', ...options });
  await lens.dispose();
  return lens.info;
}

/** Rejected once, and for that reason. */
function rejection(provider: string, dtype: string, reason: string): unknown {
  return { provider, dtype, reason, message: expect.any(String) as string };
}

describe('a form that gives wrong vectors', () => {
  const wasm = [text.fp32, text.int8];

  test('gives way to the next, whose files are brought then', async () => {
    const model = await AlteredModel.serve({ text: { wasm }, files: wrong });
    const seen: LensProgress[] = [];
    const lens = await createLens({
      ...{ model: model.url, assets: '/', device: 'wasm' },
      onProgress: (progress) => seen.push(progress),
    });
    expect(lens.info.text).toMatchObject({
      provider: 'wasm',
      dtype: 'int8',
      reason: 'asked for; rejected before: fp32 on wasm (self-test-failed)',
      rejected: [rejection('wasm', 'fp32', 'self-test-failed')],
    });
    expect(lens.info.text.rejected[0]?.message).toMatch(/wrong vectors .* cosine -?0\.\d+/);
    expect(lens.info.image).toMatchObject({ dtype: 'int8', reason: 'asked for', rejected: [] });
    expect(watch.spawned.toSorted()).toEqual(['image', 'text', 'text']);
    const { data } = await lens.embedText(['dog']);
    await lens.dispose();
    const good = await createLens({ model: TINY.fixed, assets: '/', device: 'wasm' });
    expect((await good.embedText(['dog'])).data).toEqual(data);
    await good.dispose();
    expectMonotone(seen);
    const names = seen.at(-1)?.files.map(({ name }) => name) ?? [];
    expect(names).toContain('text.int8.onnx_data');
    expect(names).toContain('text.fp32.onnx_data');
    expect(seen.at(-1)).toMatchObject({ phase: 'ready', loaded: seen.at(-1)?.total });
    expect(await model.fetched()).not.toContain('image.fp32.onnx');
  });

  test('is not tried again until something changes', async () => {
    const model = await AlteredModel.serve({ text: { wasm }, files: wrong });
    await infoOf(model);
    const again = await infoOf(model);
    expect(again.text.dtype).toBe('int8');
    expect(again.text.rejected[0]).toMatchObject({
      reason: 'self-test-failed',
      message: expect.stringMatching(/^Known to be wrong since \d{4}-.* cosine/) as string,
    });
    expect(watch.spawned.toSorted()).toEqual(['image', 'text']);
    await model.alter({ text: { wasm }, files: wrong, version: '2' });
    const changed = await infoOf(model);
    expect(changed.text.rejected[0]?.message).toMatch(/^The model gives wrong vectors/);
    expect(watch.spawned.toSorted()).toEqual(['image', 'text', 'text']);
  });

  test('is good as soon as its files are', async () => {
    const model = await AlteredModel.serve({ text: { wasm }, files: wrong });
    await infoOf(model);
    await model.alter({ text: { wasm } });
    expect((await infoOf(model)).text).toMatchObject({ dtype: 'fp32', rejected: [] });
  });

  test('is all there is, when it was asked for by its number format', async () => {
    const model = await AlteredModel.serve({ text: { wasm }, files: wrong });
    for (let time = 0; time < 2; time++) {
      await expect(infoOf(model, { dtype: { text: 'fp32' } })).rejects.toMatchObject({
        code: 'self-test-failed',
        message: expect.stringMatching(/^The model gives wrong vectors/) as string,
      });
    }
  });

  test(
    'on WebGPU gives way to WASM',
    async () => {
      const model = await AlteredModel.serve({
        image: { webgpu: [image.fp32], wasm: [image.int8] },
        files: wrong,
      });
      expect((await infoOf(model, { device: 'webgpu' })).image).toMatchObject({
        provider: 'wasm',
        dtype: 'int8',
        rejected: [rejection('webgpu', 'fp32', 'self-test-failed')],
      });
    },
    PATIENCE_MS,
  );

  test('leaves nothing, when every form is wrong: the error names them', async () => {
    const file = { ...text.fp32, file: 'copy.onnx' };
    const graph = await (await fetch(`${TINY.fixed}text.fp32.onnx`)).bytes();
    const model = await AlteredModel.serve({
      text: { wasm: [text.fp32, { ...file, dtype: 'fp32-copy' }] },
      files: { ...wrong, 'copy.onnx': graph },
    });
    await expect(infoOf(model)).rejects.toMatchObject({
      code: 'self-test-failed',
      message: expect.stringMatching(
        /^The text tower runs in no form.*fp32 on wasm \(self-test-failed\).*fp32-copy on wasm/,
      ) as string,
    });
  });
});

describe('the verdict of a test that was passed', () => {
  test('is kept, and asked for anew when the version changes', async () => {
    const model = await AlteredModel.serve({});
    await infoOf(model);
    await infoOf(model);
    await model.alter({ version: '2' });
    await infoOf(model);
    expect(tested).toEqual([false, false, true, true, false, false]);
  });

  test('holds when the tower is loaded again', async () => {
    const model = await AlteredModel.serve({});
    const lens = await createLens({ model: model.url, assets: '/', device: 'wasm' });
    await lens.unload();
    await lens.embedText(['dog']);
    await lens.dispose();
    expect(tested).toEqual([false, false, true]);
  });
});

describe('memory that does not suffice', () => {
  const padding = { 'padding.onnx_data': new Uint8Array(400_000) };
  const hungry = { file: 'hungry.onnx', data: ['padding.onnx_data'], dtype: 'huge' };
  const larger = { ...image.fp32, dtype: 'larger' };

  test.each([
    ['for the session', hungrySession()],
    ['for a run', hungryRun()],
  ])(
    '%s gives way to something smaller',
    async (_, graph) => {
      const model = await AlteredModel.serve({
        image: { wasm: [hungry, larger, image.int8] },
        files: { ...padding, 'hungry.onnx': graph },
      });
      const info = await infoOf(model);
      expect(info.image).toMatchObject({
        dtype: 'int8',
        rejected: [rejection('wasm', 'huge', 'out-of-memory')],
      });
      // The larger one was not even fetched, and each was tried in a worker of its own.
      expect(await model.fetched()).not.toContain('image.fp32.onnx');
      expect(watch.spawned.filter((tower) => tower === 'image')).toHaveLength(2);
      expect(Math.max(...(await watch.aliveBefore()))).toBeLessThanOrEqual(1);
    },
    PATIENCE_MS,
  );

  test('is an error where there is nothing smaller', async () => {
    const model = await AlteredModel.serve({
      image: { wasm: [hungry] },
      files: { ...padding, 'hungry.onnx': hungrySession() },
    });
    await expect(infoOf(model)).rejects.toMatchObject({ code: 'out-of-memory' });
  });
});

describe('where WebGPU is not there', () => {
  beforeEach(() => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null);
  });

  test('what needs it is not even fetched', async () => {
    const model = await AlteredModel.serve({});
    const { image: tower, text: other } = await infoOf(model, { device: 'webgpu' });
    expect(tower).toMatchObject({
      provider: 'wasm',
      dtype: 'int8',
      reason: 'asked for; rejected before: fp32 on webgpu (backend-unavailable)',
    });
    expect(other).toMatchObject({ provider: 'wasm', dtype: 'int8' });
    expect(await model.fetched()).not.toContain('image.fp32.onnx');
  });

  test('it is said by default, too', async () => {
    const { device, image: tower } = await infoOf(TINY.fixed, { device: 'auto' });
    expect([device, tower.provider, tower.reason]).toEqual(['auto', 'wasm', 'no WebGPU adapter']);
  });
});

test(
  'WebGPU and WASM give the same vectors',
  async () => {
    const dtype = 'fp32';
    const rows: Float32Array[] = [];
    for (const device of ['wasm', 'webgpu'] as const) {
      const lens = await createLens({ model: TINY.fixed, assets: '/', device, dtype });
      expect(lens.info.image).toMatchObject({ provider: device, reason: 'asked for' });
      const pixels = new ImageData(90, 60);
      pixels.data.forEach((_, index) => (pixels.data[index] = (index * 7919) % 256));
      rows.push((await lens.embedImage([pixels])).data, (await lens.embedText(['犬'])).data);
      await lens.dispose();
    }
    const [wasmImage, wasmText, gpuImage, gpuText] = rows as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    expect(deviation(gpuImage, wasmImage)).toBeLessThanOrEqual(1e-4);
    expect(deviation(gpuText, wasmText)).toBeLessThanOrEqual(1e-4);
  },
  PATIENCE_MS,
);

function expectMonotone(seen: readonly LensProgress[]): void {
  for (const field of ['loaded', 'total'] as const) {
    const values = seen.map((progress) => progress[field]);
    expect(values, field).toEqual(values.toSorted((a, b) => a - b));
  }
}
