import { describe, expect, test } from 'vitest';
import type { TowerBackends } from './manifest';
import { pickVariant } from './pick-variant';

const backends: TowerBackends = {
  wasm: [
    { file: 'a.int8.onnx', dtype: 'int8' },
    { file: 'a.fp32.onnx', dtype: 'fp32' },
  ],
  webgpu: [
    { file: 'a.fp16.onnx', dtype: 'fp16', needs: ['shader-f16'] },
    { file: 'a.fp32.onnx', dtype: 'fp32' },
  ],
};
const none = new Set<string>();
const half = new Set(['shader-f16', 'timestamp-query']);

describe('pickVariant', () => {
  test.each([
    ['wasm', none, undefined, 'a.int8.onnx'],
    ['wasm', none, 'fp32', 'a.fp32.onnx'],
    ['webgpu', half, undefined, 'a.fp16.onnx'],
    ['webgpu', none, undefined, 'a.fp32.onnx'],
    ['webgpu', half, 'fp32', 'a.fp32.onnx'],
  ] as const)('on %s with %o, asked for %s', (device, features, dtype, file) => {
    expect(pickVariant(backends, { device, features, dtype }).file).toBe(file);
  });

  test('says what there is when nothing fits', () => {
    expect(() =>
      pickVariant(backends, { device: 'webgpu', features: none, dtype: 'fp16' }),
    ).toThrow('on the device "webgpu" in "fp16" here. It offers: fp16 (needs shader-f16), fp32.');
    expect(() => pickVariant(backends, { device: 'wasm', features: none, dtype: 'q4' })).toThrow(
      expect.objectContaining({ code: 'backend-unavailable' }) as Error,
    );
  });
});
