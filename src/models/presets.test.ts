import { expect, expectTypeOf, test } from 'vitest';
import type { FileListing } from '../protocol/delivery-contract';
import { bgeM3Preset, type PresetListing, siglip2VisionPreset } from './presets';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** Absolute addresses, as the model cache forms them. */
function addresses({ url, files }: PresetListing): string[] {
  return Object.keys(files).map((name) => new URL(name, url).href);
}

test('the cache takes them as listings', () => {
  expectTypeOf<PresetListing>().toExtend<FileListing>();
});

test.each([
  ['int8', ['onnx/model_quantized.onnx', 'tokenizer.json']],
  ['fp16', ['onnx/model_fp16.onnx', 'tokenizer.json']],
] as const)('BGE-M3 in %s at a commit', (dtype, names) => {
  const preset = bgeM3Preset({ dtype, revision: COMMIT });
  const folder = `https://huggingface.co/Xenova/bge-m3/resolve/${COMMIT}/`;
  expect(addresses(preset)).toEqual(names.map((name) => folder + name));
  expect(preset.version).toBe(COMMIT);
});

test.each([
  ['fp32', ['onnx/vision_model.onnx', 'onnx/vision_model.onnx_data']],
  ['fp16', ['onnx/vision_model_fp16.onnx']],
] as const)('SigLIP 2 in %s at a commit', (dtype, names) => {
  const preset = siglip2VisionPreset({ dtype, revision: COMMIT });
  const repository = 'https://huggingface.co/onnx-community/siglip2-base-patch16-naflex-ONNX';
  expect(addresses(preset)).toEqual(names.map((name) => `${repository}/resolve/${COMMIT}/${name}`));
  expect(preset.version).toBe(COMMIT);
});

test('number formats are models of their own', () => {
  const [int8, fp16] = [bgeM3Preset({ dtype: 'int8' }), bgeM3Preset({ dtype: 'fp16' })];
  expect(int8.id).toBe('Xenova/bge-m3/int8');
  expect(fp16.id).toBe('Xenova/bge-m3/fp16');
});

test('nothing is claimed about bytes that are not known', () => {
  expect(bgeM3Preset({ dtype: 'int8' }).files).toEqual({
    'onnx/model_quantized.onnx': {},
    'tokenizer.json': {},
  });
});

test.each(['https://mirror.example/hf', 'https://mirror.example/hf/'])('from %s', (hub) => {
  const { url, version } = bgeM3Preset({ dtype: 'int8', hub });
  expect(url).toBe('https://mirror.example/hf/Xenova/bge-m3/resolve/main/');
  expect(version).toBe('main');
});

test('a branch with a slash is one part of the address', () => {
  const { url } = bgeM3Preset({ dtype: 'int8', revision: 'refs/pr/7' });
  expect(url).toBe('https://huggingface.co/Xenova/bge-m3/resolve/refs%2Fpr%2F7/');
});

test.each([
  [{ dtype: 'q4' as 'int8' }, '"dtype" is wrong: got "q4", expected int8 or fp16'],
  [{ dtype: 'int8', revision: '' }, '"revision" is wrong: got "", expected a commit hash'],
  [{ dtype: 'int8', revision: '../..' }, '"revision" is wrong: got "../.."'],
  [{ dtype: 'int8', hub: '/models/' }, '"hub" is wrong: got "/models/", expected an absolute'],
  [{ dtype: 'int8', hub: 'ftp://mirror.example/' }, 'expected an absolute http(s) URL'],
] as const)('%j is refused', (options, message) => {
  expect(() => bgeM3Preset(options)).toThrow(
    expect.objectContaining({
      code: 'invalid-input',
      message: expect.stringContaining(message) as string,
    }),
  );
});
