/**
 * Measuring, with the real builds in real workers. The adapter here is a software one, which is not
 * measured by itself: where that is to happen, the page is told that it were none.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CalibrationContract, CalibrationFormat } from '../protocol/calibration-contract';
import { ORT_VERSION } from '../protocol/ort-version';
import type { LensInfo } from './api';
import { calibrate, calibrationKey } from './calibrate';
import type { WebGpuCapabilities } from './capability-report';
import { createLens } from './create-lens';
import { gpuAdapter } from './gpu-adapter';
import { keepVerdict, keptVerdict } from './kept-verdicts';
import { openModelCache } from './model-cache';
import { spawnCalibrationWorker } from './spawn';
import { AlteredModel } from './test-workers/altered-model';
import { WorkerLink } from './worker-link';

const PATIENCE_MS = 240_000;
const ORT = new URL('/ort/', location.href).href;
const CONTEST = { tower: 'image', formats: { webgpu: 'fp32', wasm: 'int8' } } as const;

let measured = 0;
/** In place of the SDK's. */
let calibrationWorker: (() => Worker) | null = null;
const Real = globalThis.Worker;
// Not named as the SDK's: these are made as they are.
const lostCalibration = (): Worker =>
  new Worker(new URL('./test-workers/doomed-calibration.worker.ts', import.meta.url), {
    type: 'module',
  });
const wrongCalibration = (): Worker =>
  new Worker(new URL('./test-workers/wrong-calibration.worker.ts', import.meta.url), {
    type: 'module',
  });
const wasmCalibration = (): Worker =>
  new Worker(new URL('./test-workers/wasm-calibration.worker.ts', import.meta.url), {
    type: 'module',
  });
beforeEach(() => {
  localStorage.clear();
  measured = 0;
  calibrationWorker = null;
  globalThis.Worker = new Proxy(Real, {
    construct: (target, [url, settings]: [URL, WorkerOptions | undefined]) => {
      if (settings?.name !== 'photoglot-calibration') return new target(url, settings);
      measured++;
      return calibrationWorker?.() ?? new target(url, settings);
    },
  });
});
afterEach(() => {
  globalThis.Worker = Real;
  vi.restoreAllMocks();
  localStorage.clear();
});

async function adapterHere(): Promise<WebGpuCapabilities> {
  const adapter = await gpuAdapter();
  if (adapter === null) throw new Error('This browser has no adapter.');
  return adapter;
}

/** To the page the adapter is a graphics card. */
async function pretendHardware(description = 'card'): Promise<void> {
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('This browser has no adapter.');
  const { features, limits } = adapter;
  const { vendor, architecture } = adapter.info;
  const info = { vendor, architecture, description, isFallbackAdapter: false };
  const pretended = { features, limits, info } as unknown as GPUAdapter;
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(pretended);
}

describe('the measurement', () => {
  test.each<[CalibrationFormat, 'wasm' | 'webgpu']>([
    ['fp32', 'wasm'],
    ['fp16', 'wasm'],
    ['int8', 'wasm'],
    ['int7', 'wasm'],
    ['fp32', 'webgpu'],
    ['int8', 'webgpu'],
    ['q4', 'wasm'],
    ['q4f16', 'wasm'],
    ['w8', 'wasm'],
    ['w8f16', 'wasm'],
    ['q4', 'webgpu'],
    ['w8', 'webgpu'],
  ])(
    'of %s on %s comes to an end, with right numbers',
    async (format, provider) => {
      const link = new WorkerLink<CalibrationContract>(spawnCalibrationWorker);
      try {
        await link.call('start', { provider, tower: 'text', ortUrl: ORT, format });
        expect(await link.call('measure', null)).toBeGreaterThan(0);
      } finally {
        link.dispose();
      }
    },
    PATIENCE_MS,
  );

  test(
    'is made once, and again when the adapter is another',
    async () => {
      const adapter = await adapterHere();
      const options = { adapter, ortUrl: ORT, signal: undefined, patienceMs: PATIENCE_MS };
      const first = await calibrate(CONTEST, options);
      expect(first.wasm).toBeGreaterThan(0);
      expect(measured).toBe(2);
      expect(await calibrate(CONTEST, options)).toEqual(first);
      expect(measured).toBe(2);
      await calibrate(CONTEST, { ...options, adapter: { ...adapter, description: 'other' } });
      expect(measured).toBe(4);
    },
    PATIENCE_MS,
  );

  test(
    'that fails is none, and nothing is kept',
    async () => {
      calibrationWorker = lostCalibration;
      const options = {
        adapter: await adapterHere(),
        ortUrl: ORT,
        signal: undefined,
        patienceMs: PATIENCE_MS,
      };
      const failing = calibrate(CONTEST, { ...options, patienceMs: 20_000 });
      await expect(failing).rejects.toThrow('OrtRun');
      expect(measured).toBe(1);
      expect(localStorage).toHaveLength(0);
      // Nothing stands in the way of the next one.
      calibrationWorker = null;
      expect((await calibrate(CONTEST, options)).webgpu).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test(
    'of wrong products is one, and kept',
    async () => {
      calibrationWorker = wrongCalibration;
      const options = {
        adapter: await adapterHere(),
        ortUrl: ORT,
        signal: undefined,
        patienceMs: PATIENCE_MS,
      };
      const verdict = await calibrate(CONTEST, options);
      expect(verdict).toEqual({ webgpu: null, wasm: expect.any(Number) as number });
      expect(measured).toBe(2);
      expect(await calibrate(CONTEST, options)).toEqual(verdict);
      expect(measured).toBe(2);
    },
    PATIENCE_MS,
  );

  test('without ONNX Runtime is none, and nothing is kept', async () => {
    const adapter = await adapterHere();
    const options = { adapter, ortUrl: 'http://localhost:1/', signal: undefined };
    await expect(calibrate(CONTEST, options)).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('http://localhost:1/') as string,
    });
    expect(localStorage).toHaveLength(0);
  });

  test('of own kernels needs no ONNX Runtime', async () => {
    const link = new WorkerLink<CalibrationContract>(spawnCalibrationWorker);
    try {
      const ortUrl = 'http://localhost:1/';
      await link.call('start', { provider: 'wasm', tower: 'image', ortUrl, format: 'int7' });
      expect(await link.call('measure', null)).toBeGreaterThan(0);
    } finally {
      link.dispose();
    }
  });

  test('can be aborted', async () => {
    const controller = new AbortController();
    const options = { adapter: await adapterHere(), ortUrl: ORT, signal: controller.signal };
    const measuring = calibrate(CONTEST, options);
    controller.abort();
    await expect(measuring).rejects.toMatchObject({ code: 'aborted' });
    expect(localStorage).toHaveLength(0);
  });

  test('depends on adapter, runtime and isolation, for each pair by itself', async () => {
    const adapter = await adapterHere();
    const key = calibrationKey(CONTEST, adapter);
    const { vendor, architecture, description } = adapter;
    const facts = [2, ORT_VERSION, true, navigator.userAgent, vendor, architecture, description];
    expect(JSON.parse(key.of)).toEqual(facts);
    const other = { ...CONTEST, formats: { webgpu: 'fp16', wasm: 'int8' } } as const;
    expect(calibrationKey(other, adapter).slot).not.toBe(key.slot);
    keepVerdict(key, { webgpu: 1, wasm: 2 });
    expect(keptVerdict(key)).toEqual({ webgpu: 1, wasm: 2 });
    for (const field of ['vendor', 'architecture', 'description'] as const) {
      const changed = calibrationKey(CONTEST, { ...adapter, [field]: 'other' });
      expect([changed.slot, keptVerdict(changed)], field).toEqual([key.slot, null]);
    }
  });
});

describe('a lens', () => {
  async function infoOf(model: AlteredModel): Promise<LensInfo> {
    const lens = await createLens({ model: model.url, assets: '/' });
    await lens.dispose();
    return lens.info;
  }

  test('measures nothing on a software adapter', async () => {
    const { device, image } = await infoOf(await AlteredModel.serve({}));
    expect([device, image.provider, image.reason]).toEqual(['auto', 'wasm', 'software adapter']);
    expect(measured).toBe(0);
  });

  test(
    'measures what runs on both, once, before any file is fetched',
    async () => {
      await pretendHardware();
      // WebGPU on the processor may be too slow for the ten seconds that a lens waits.
      calibrationWorker = wasmCalibration;
      const model = await AlteredModel.serve({});
      const { text, image } = await infoOf(model);
      // Which of them wins is the machine's affair; what runs, and is brought, follows from it.
      expect(image.rejected).toEqual([]);
      const isFaster = /^calibration: [\d.]+ times as fast as wasm$/.test(image.reason);
      expect(image.reason).toMatch(/^calibration: /);
      expect(image.provider).toBe(isFaster ? 'webgpu' : 'wasm');
      expect(image.dtype).toBe(isFaster ? 'fp32' : 'int8');
      expect(text.reason).toBe('the model’s choice for devices with WebGPU');
      expect(measured).toBe(2);
      const other = isFaster ? 'image.int8.onnx' : 'image.fp32.onnx';
      expect(await model.fetched()).not.toContain(other);
      expect((await infoOf(model)).image.reason).toBe(image.reason);
      expect(measured).toBe(2);
    },
    PATIENCE_MS,
  );

  test(
    'runs on WebGPU where that was faster, and only its files are brought',
    async () => {
      await pretendHardware();
      const model = await AlteredModel.serve({});
      keepVerdict(calibrationKey(CONTEST, await adapterHere()), { webgpu: 1, wasm: 4.2 });
      // Ahead of time the same is brought.
      const models = openModelCache();
      const { files } = await models.download(model.url, { assets: '/' });
      models.dispose();
      expect(Object.keys(files)).toContain('image.fp32.onnx');
      expect((await infoOf(model)).image).toMatchObject({
        provider: 'webgpu',
        dtype: 'fp32',
        reason: 'calibration: 4.2 times as fast as wasm',
        rejected: [],
      });
      expect(measured).toBe(0);
      expect(await model.fetched()).not.toContain('image.int8.onnx');
    },
    PATIENCE_MS,
  );
});
