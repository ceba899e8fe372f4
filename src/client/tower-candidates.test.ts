import { describe, expect, test } from 'vitest';
import type { TowerBackends, TowerVariant } from '../models/manifest';
import {
  isHopeless,
  providerOf,
  towerCandidates,
  type CandidateWish,
  type FailedCandidate,
  type TowerCandidate,
} from './tower-candidates';

const int8: TowerVariant = { file: 'int8.onnx', dtype: 'int8' };
const fp32: TowerVariant = { file: 'fp32.onnx', dtype: 'fp32' };
const fp16: TowerVariant = { file: 'fp16.onnx', dtype: 'fp16', needs: ['shader-f16'] };
const int8OnWasm: TowerVariant = { ...int8, provider: 'wasm' };
const backends: TowerBackends = { wasm: [int8, fp32], webgpu: [fp16, int8OnWasm, fp32] };
const files = { 'int8.onnx': { size: 1 }, 'fp16.onnx': { size: 2 }, 'fp32.onnx': { size: 4 } };

function forms(changes: Partial<CandidateWish>, of = backends): readonly string[] {
  const wish = { device: 'webgpu', features: new Set(['shader-f16']), smallest: false } as const;
  return towerCandidates(of, files, { ...wish, dtype: undefined, ...changes }).map(
    (candidate) => `${candidate.variant.dtype} ${providerOf(candidate)}`,
  );
}

describe('the order', () => {
  test('on WebGPU, and then on WASM, each form once', () => {
    expect(forms({})).toEqual(['fp16 webgpu', 'int8 wasm', 'fp32 webgpu', 'fp32 wasm']);
  });

  test('without what the adapter lacks', () => {
    expect(forms({ features: new Set() })).toEqual(['int8 wasm', 'fp32 webgpu', 'fp32 wasm']);
  });

  test('on WASM there is no other device', () => {
    expect(forms({ device: 'wasm' })).toEqual(['int8 wasm', 'fp32 wasm']);
  });

  test('with a number format, only that', () => {
    expect(forms({ dtype: 'fp32' })).toEqual(['fp32 webgpu', 'fp32 wasm']);
    expect(forms({ dtype: 'fp16' })).toEqual(['fp16 webgpu']);
  });

  test('the smallest first, after crashes', () => {
    const reversed = { wasm: [fp32, int8], webgpu: [fp32, fp16] };
    const wanted = ['fp16 webgpu', 'fp32 webgpu', 'int8 wasm', 'fp32 wasm'];
    expect(forms({ smallest: true }, reversed)).toEqual(wanted);
  });

  test('nothing that fits is an error', () => {
    expect(() => forms({ dtype: 'q4' })).toThrow('on the device "webgpu" in "q4" here. It offers:');
  });
});

describe('what there is no sense in trying', () => {
  const candidate = (device: 'wasm' | 'webgpu', variant: TowerVariant): TowerCandidate => ({
    device,
    variant,
  });
  const failed = (
    device: 'wasm' | 'webgpu',
    variant: TowerVariant,
    reason: FailedCandidate['reason'],
  ): FailedCandidate => ({ candidate: candidate(device, variant), reason });

  test.each<[string, FailedCandidate, TowerCandidate, boolean]>([
    [
      'a larger one after memory ran out',
      failed('wasm', int8, 'out-of-memory'),
      candidate('wasm', fp32),
      true,
    ],
    [
      'a smaller one after memory ran out',
      failed('wasm', fp32, 'out-of-memory'),
      candidate('wasm', int8),
      false,
    ],
    [
      'another provider after memory ran out',
      failed('webgpu', fp16, 'out-of-memory'),
      candidate('wasm', fp32),
      false,
    ],
    [
      'a larger one after the worker died',
      failed('wasm', int8, 'worker-crashed'),
      candidate('wasm', fp32),
      true,
    ],
    [
      'a larger one after wrong vectors',
      failed('wasm', int8, 'self-test-failed'),
      candidate('wasm', fp32),
      false,
    ],
    [
      'any where the provider is not there',
      failed('webgpu', fp32, 'backend-unavailable'),
      candidate('webgpu', fp16),
      true,
    ],
    [
      'another where a provider is not there',
      failed('webgpu', fp32, 'backend-unavailable'),
      candidate('wasm', int8),
      false,
    ],
    [
      'one that runs on WASM where WebGPU is not there',
      failed('webgpu', fp32, 'backend-unavailable'),
      candidate('webgpu', int8OnWasm),
      false,
    ],
  ])('%s: %#', (_, failure, tried, hopeless) => {
    expect(isHopeless(tried, [failure], files)).toBe(hopeless);
  });

  test('of sizes that are not known nothing is said', () => {
    const failure = failed('wasm', int8, 'out-of-memory');
    expect(isHopeless(candidate('wasm', fp32), [failure], { 'int8.onnx': { size: 1 } })).toBe(
      false,
    );
    expect(isHopeless(candidate('wasm', fp32), [failure], { 'fp32.onnx': { size: 1 } })).toBe(
      false,
    );
  });
});
