import { expect, test } from 'vitest';
import type { ModelFile, TowerVariant } from '../models/manifest';
import { smallestFirst, variantBytes } from './smallest-variant';

const file = (size: number): ModelFile => ({ size, sha256: '00'.repeat(32) });
const files = {
  'fp32.onnx': file(10),
  'fp32.data': file(4000),
  'fp16.onnx': file(2000),
  'int8.onnx': file(1000),
  'other.onnx': {},
};

const fp32: TowerVariant = { file: 'fp32.onnx', data: ['fp32.data'], dtype: 'fp32' };
const fp16: TowerVariant = { file: 'fp16.onnx', dtype: 'fp16' };
const int8: TowerVariant = { file: 'int8.onnx', dtype: 'int8' };
const other: TowerVariant = { file: 'other.onnx', dtype: 'q4' };

test('counts the external weights', () => {
  expect(variantBytes(fp32, files)).toBe(4010);
  expect(smallestFirst([fp32, fp16, int8], files)).toEqual([int8, fp16, fp32]);
});

test('leaves two of one size in their order', () => {
  const same = { ...int8, dtype: 'q8' };
  expect(smallestFirst([fp32, same, int8], files)).toEqual([same, int8, fp32]);
  expect(smallestFirst([int8, same], files)).toEqual([int8, same]);
});

test('takes what does not tell its size last', () => {
  expect(smallestFirst([other, fp32, { ...other, dtype: 'q2' }, int8], files)).toEqual([
    int8,
    fp32,
    other,
    { ...other, dtype: 'q2' },
  ]);
});
