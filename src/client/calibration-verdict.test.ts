import { expect, test } from 'vitest';
import { formatOf, judgeCalibration, parseCalibration } from './calibration-verdict';

test.each([
  [{ webgpu: 5, wasm: 21 }, 'webgpu', 'calibration: 4.2 times as fast as wasm'],
  [{ webgpu: 10, wasm: 12 }, 'webgpu', 'calibration: 1.2 times as fast as wasm'],
  [{ webgpu: 10, wasm: 11 }, 'wasm', 'calibration: webgpu is only 1.1 times as fast'],
  [{ webgpu: 30, wasm: 10 }, 'wasm', 'calibration: 3.0 times as fast as webgpu'],
  [{ webgpu: 10, wasm: 10 }, 'wasm', 'calibration: 1.0 times as fast as webgpu'],
  [{ webgpu: null, wasm: 10 }, 'wasm', 'calibration: webgpu computes wrongly here'],
] as const)('%o is for %s', (verdict, device, reason) => {
  expect(judgeCalibration(verdict)).toEqual({ device, reason });
});

test('reads back what was kept', () => {
  for (const verdict of [
    { webgpu: 1.5, wasm: 20 },
    { webgpu: null, wasm: 20 },
  ]) {
    expect(parseCalibration(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
  }
});

test.each([
  [null],
  ['4.2'],
  [{}],
  [{ webgpu: 4 }],
  [{ webgpu: 4, wasm: null }],
  [{ webgpu: '4', wasm: 3 }],
  [{ webgpu: 4, wasm: 0 }],
  [{ webgpu: -1, wasm: 3 }],
])('does not take %j for an answer', (kept) => {
  expect(parseCalibration(kept)).toBeNull();
});

test.each([
  ['int8', 'int8'],
  ['fp16', 'fp16'],
  ['fp32', 'fp32'],
  ['q4', 'q4'],
  ['q4f16', 'q4f16'],
  ['w8', 'w8'],
  ['w8f16', 'w8f16'],
  ['int8-weights', 'fp32'],
  ['of tomorrow', 'fp32'],
])('%s is measured as %s', (dtype, format) => {
  expect(formatOf({ dtype })).toBe(format);
});

test('own kernels are measured as what they are, whatever they are called', () => {
  expect(formatOf({ engine: 'siglip', dtype: 'of tomorrow' })).toBe('int7');
  expect(formatOf({ engine: 'onnx', dtype: 'int7' })).toBe('fp32');
});
