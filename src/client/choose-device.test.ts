import { describe, expect, test } from 'vitest';
import { PhotoglotError } from '../errors';
import type { TowerBackends, TowerVariant } from '../models/manifest';
import type { Contest } from './calibrate';
import type { CalibrationVerdict } from './calibration-verdict';
import type { WebGpuCapabilities } from './capability-report';
import { chooseDevice, type DeviceWish } from './choose-device';

const int8: TowerVariant = { file: 'int8.onnx', dtype: 'int8' };
const fp32: TowerVariant = { file: 'fp32.onnx', dtype: 'fp32' };
const fp16: TowerVariant = { file: 'fp16.onnx', dtype: 'fp16', needs: ['shader-f16'] };
const backends: TowerBackends = { wasm: [int8, fp32], webgpu: [fp16, fp32] };

function gpu(changes: Partial<WebGpuCapabilities> = {}): WebGpuCapabilities {
  const names = { vendor: 'acme', architecture: 'one', description: '' };
  const limits = {} as WebGpuCapabilities['limits'];
  return { ...names, isFallback: false, features: ['shader-f16'], limits, ...changes };
}

/** What was chosen, and what was measured for it. */
async function choice(
  changes: Partial<DeviceWish>,
  times: CalibrationVerdict = { webgpu: 1, wasm: 9 },
): Promise<readonly [device: string, reason: string, measured: readonly Contest[]]> {
  const measured: Contest[] = [];
  const { device, reason } = await chooseDevice({
    ...{ tower: 'image', backends, asked: 'auto', dtype: undefined, careful: false },
    adapter: gpu(),
    calibrate: (contest) => {
      measured.push(contest);
      return Promise.resolve(times);
    },
    ...changes,
  });
  return [device, reason, measured];
}

describe('without measuring', () => {
  test.each<[string, Partial<DeviceWish>, string, string]>([
    ['asked for WASM', { asked: 'wasm' }, 'wasm', 'asked for'],
    ['asked for WebGPU', { asked: 'webgpu' }, 'webgpu', 'asked for'],
    [
      'asked for WebGPU, in software',
      { asked: 'webgpu', adapter: gpu({ isFallback: true }) },
      'webgpu',
      'asked for',
    ],
    ['no adapter', { adapter: null }, 'wasm', 'no WebGPU adapter'],
    ['a software adapter', { adapter: gpu({ isFallback: true }) }, 'wasm', 'software adapter'],
    ['after crashes', { careful: true }, 'wasm', 'careful after crashes'],
    ['nothing fits WebGPU', { dtype: 'int8' }, 'wasm', 'no variant for WebGPU'],
    ['nothing fits WASM', { dtype: 'fp16' }, 'webgpu', 'no variant for WASM'],
    [
      'the model prefers WASM for devices with WebGPU',
      { backends: { ...backends, webgpu: [{ ...int8, provider: 'wasm' }, fp32] } },
      'webgpu',
      'the model’s choice for devices with WebGPU',
    ],
  ])('%s', async (_, changes, device, reason) => {
    expect(await choice(changes)).toEqual([device, reason, []]);
  });
});

describe('by measuring', () => {
  test('the variants that each device would run', async () => {
    const [device, reason, measured] = await choice({});
    expect([device, reason]).toEqual(['webgpu', 'calibration: 9.0 times as fast as wasm']);
    expect(measured).toEqual([{ tower: 'image', formats: { webgpu: 'fp16', wasm: 'int8' } }]);
  });

  test('what the adapter has no features for is not among them', async () => {
    const [, , measured] = await choice({ adapter: gpu({ features: [] }) });
    expect(measured[0]?.formats).toEqual({ webgpu: 'fp32', wasm: 'int8' });
  });

  test('the slower one is not chosen', async () => {
    expect((await choice({}, { webgpu: 8, wasm: 4 }))[0]).toBe('wasm');
  });

  test('without an answer it is WASM, and says why', async () => {
    const calibrate = (): Promise<never> => Promise.reject(new Error('no network'));
    const [device, reason] = await choice({ calibrate });
    expect([device, reason]).toEqual(['wasm', 'WebGPU could not be measured: no network']);
  });

  test('it can be aborted', async () => {
    const calibrate = (): Promise<never> => Promise.reject(new PhotoglotError('aborted', ''));
    await expect(choice({ calibrate })).rejects.toMatchObject({ code: 'aborted' });
  });
});
