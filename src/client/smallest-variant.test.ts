import { expect, test } from 'vitest';
import type { ModelFile, TowerBackends, TowerVariant } from '../models/manifest';
import { smallestVariant } from './smallest-variant';

const WASM = { device: 'wasm', features: new Set<string>() } as const;

const file = (size: number): ModelFile => ({ size, sha256: '00'.repeat(32) });
const files = {
  'fp32.onnx': file(10),
  'fp32.data': file(4000),
  'fp16.onnx': file(2000),
  'int8.onnx': file(1000),
};

const fp32: TowerVariant = { file: 'fp32.onnx', data: ['fp32.data'], dtype: 'fp32' };
const fp16: TowerVariant = { file: 'fp16.onnx', dtype: 'fp16', needs: ['shader-f16'] };
const int8: TowerVariant = { file: 'int8.onnx', dtype: 'int8' };
const backends: TowerBackends = { wasm: [fp32, int8], webgpu: [fp32, fp16] };

test('counts the external weights', () => {
  expect(smallestVariant(backends, files, WASM)).toBe(int8);
});

test('takes what the device runs', () => {
  const gpu = (...features: string[]): TowerVariant =>
    smallestVariant(backends, files, { device: 'webgpu', features: new Set(features) });
  expect(gpu()).toBe(fp32);
  expect(gpu('shader-f16')).toBe(fp16);
});

test('takes the better of two of one size', () => {
  const same = { ...int8, dtype: 'q8' };
  expect(smallestVariant({ ...backends, wasm: [same, int8] }, files, WASM)).toBe(same);
});

test('refuses where none runs', () => {
  expect(() => smallestVariant({ ...backends, wasm: [fp16] }, files, WASM)).toThrow(
    expect.objectContaining({ code: 'backend-unavailable' }) as Error,
  );
});
