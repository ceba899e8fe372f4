import { describe, expect, test } from 'vitest';
import { isPhotoglotError, type PhotoglotErrorCode } from '../errors';
import { parseManifest, parseUnpacked } from './parse-manifest';
import type { ModelManifest } from './manifest';

const DIGEST = 'ab'.repeat(32);
const file = { size: 10, sha256: DIGEST };
const backends = {
  wasm: [{ file: 'tower.onnx', dtype: 'int8' }],
  webgpu: [{ file: 'tower.onnx', dtype: 'int8', provider: 'wasm' }],
} as const;
const golden = [{ input: 'gradient', vector: 'AACAPwAAAAA=' }];
const good: ModelManifest = {
  formatVersion: 1,
  id: 'tiny',
  version: '1.0.0',
  dimension: 2,
  files: {
    'tower.onnx': file,
    'words.json': { ...file, chunks: { size: 4, sha256: [DIGEST, DIGEST, DIGEST] } },
  },
  text: {
    tokenizer: 'words.json',
    maxTokens: 8,
    padId: 0,
    inputs: { ids: 'ids', mask: 'mask' },
    output: 'rows',
    backends,
  },
  image: {
    geometry: { kind: 'area', area: 65_536, multiple: 32, maxAspect: 3 },
    filter: 'bilinear',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    background: [255, 255, 255],
    inputs: { pixels: 'pixels' },
    output: 'rows',
    batch: 4,
    backends,
  },
  golden: { text: golden, image: golden },
  calibration: {
    ...{ scale: 10, bias: -5 },
    background: { vector: golden[0]?.vector ?? '', scale: 12, bias: -6 },
  },
  licence: 'Apache-2.0',
  provenance: '',
};

/** The fixture with one value replaced: `at` is a path such as `text.maxTokens`. */
function changed(at: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(good)) as unknown;
  const keys = at.split('.');
  const last = keys.pop() ?? '';
  let target = copy as Record<string, unknown>;
  for (const key of keys) target = target[key] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value;
  return copy;
}

function failure(json: unknown): [PhotoglotErrorCode, string] {
  try {
    parseManifest(json);
  } catch (thrown) {
    if (isPhotoglotError(thrown)) return [thrown.code, thrown.message];
  }
  throw new Error('it was accepted, or failed otherwise');
}

test('a good manifest passes, with what this release does not know', () => {
  const json = changed('text.later', { file: 'later.onnx' });
  expect(parseManifest(json)).toEqual(json);
});

test.each([
  ['dimension', '384', 'got "384", expected number'],
  ['id', '', 'got 0, expected !0'],
  ['text.maxTokens', undefined, 'got undefined, expected "maxTokens"'],
  ['text.tokenizer', '../secret.json', 'a relative path inside the folder'],
  ['text.tokenizer', 'https://elsewhere.example/x', 'a relative path inside the folder'],
  ['text.tokenizer', 'missing.json', 'got missing.json, expected one of'],
  ['image.backends.webgpu.0.file', 'missing.onnx', 'got missing.onnx, expected one of'],
  ['image.backends.webgpu', [], 'expected'],
  ['image.backends.wasm.0.data', ['missing.data'], 'got missing.data, expected one of'],
  ['image.projector', { file: 'no.onnx', input: 'a', output: 'b' }, 'got no.onnx, expected one of'],
  ['image.geometry.kind', 'naflex', 'expected ("fixed" | "area" | "patches")'],
  ['image.geometry.maxAspect', 0.5, 'expected >=1'],
  ['image.std', [1, 1, 0], 'expected >0'],
  ['image.mean', [1, 1], 'got undefined, expected number'],
  ['files', { 'tower.onnx': { size: 1, sha256: 'AB' } }, '64 lower-case hex digits'],
  ['files', { '/etc/x': file }, 'a relative path inside the folder'],
  ['golden.text.0.vector', 'AAAA', 'got 3 bytes, expected 2 float32 numbers'],
  ['calibration.background.vector', 'AAAA', 'got 3 bytes, expected 2 float32 numbers'],
  ['calibration.background.vector', 'AAAAAAAAAAA=', 'expected finite numbers, not all 0'],
  ['calibration.background.scale', '10', 'got "10", expected number'],
])('"%s" is checked', (at, value, expected) => {
  const [code, message] = failure(changed(at, value));
  expect(code).toBe('manifest-invalid');
  expect(message).toContain(expected);
  expect(message).toContain(`"${at.split('.').slice(0, 2).join('.')}`);
});

test('sizes and digests may be missing', () => {
  const files = { 'tower.onnx': {}, 'words.json': { sha256: DIGEST } };
  expect(parseManifest(changed('files', files)).files).toEqual(files);
});

test.each([
  [{ chunks: { size: 4, sha256: [DIGEST] } }, 'size" is wrong: got undefined, expected the file'],
  [
    { size: 10, chunks: { size: 4, sha256: [DIGEST, DIGEST] } },
    'chunks.sha256" is wrong: got 2 digests, expected 3, as the file has 10 bytes',
  ],
  [{ size: 8, chunks: { size: 4, sha256: [DIGEST, DIGEST, DIGEST] } }, 'got 3 digests, expected 2'],
  [{ size: 8, chunks: { size: 4, sha256: [] } }, 'got 0 digests, expected 2'],
  [{ size: 8, chunks: { size: 0, sha256: [DIGEST] } }, 'expected >=1'],
])('chunks fit their file: %j', (chunked, expected) => {
  const [code, message] = failure(changed('files', { 'tower.onnx': file, 'words.json': chunked }));
  expect(code).toBe('manifest-invalid');
  expect(message).toContain('field "files.words.json.');
  expect(message).toContain(expected);
});

test('before it is packed, a manifest may name files that it does not describe', () => {
  const json = changed('files', {});
  expect(parseUnpacked(json)).toEqual(json);
  expect(failure(json)[1]).toContain('"text.tokenizer" is wrong');
});

test('a tower of patches needs a mask and grids', () => {
  const [, message] = failure(
    changed('image.geometry', { kind: 'patches', patch: 16, maxPatches: 256 }),
  );
  expect(message).toContain('"image.inputs.mask" is wrong');
});

describe('own kernels', () => {
  const own = {
    engine: 'bert',
    file: 'tower.onnx',
    dtype: 'int7',
    provider: 'wasm',
    rows: [{ name: 'core', file: 'words.json' }],
    golden,
  } as const;
  const withText = (variant: object): unknown => ({
    ...good,
    text: { ...good.text, backends: { ...backends, webgpu: [variant] } },
  });

  test('run text towers on WASM, with words from packs', () => {
    expect(parseManifest(withText(own)).text.backends.webgpu[0]).toEqual(own);
    const { rows, ...bare } = own;
    expect(rejection(withText(bare))).toMatch('text.backends.webgpu.0.rows');
    expect(rejection(withText({ ...bare, engine: 'onnx', rows }))).toMatch(
      'backends.webgpu.0.rows',
    );
    expect(rejection(withText({ ...own, provider: 'webgpu' }))).toMatch('webgpu.0.engine');
    const image = { ...good.image, backends: { ...backends, wasm: [own] } };
    expect(rejection({ ...good, image })).toMatch('image.backends.wasm.0.engine');
  });

  test('graphs take words from packs where the model names the input', () => {
    const graph = { file: 'tower.onnx', dtype: 'q4', rows: own.rows } as const;
    const words = { input: 'word_rows', vocabulary: 300, width: 32 };
    const withWords = (more: object): unknown => ({
      ...good,
      text: {
        ...good.text,
        words: { ...words, ...more },
        backends: { ...backends, wasm: [graph] },
      },
    });
    expect(parseManifest(withWords({})).text).toMatchObject({ words, backends: { wasm: [graph] } });
    expect(rejection(withWords({ width: 0 }))).toMatch('text.words.width');
    expect(rejection(withText(graph))).toMatch(
      '"text.backends.webgpu.0.rows" is wrong: got object, expected nothing, as "text.words"',
    );
    const image = { ...good.image, backends: { ...backends, wasm: [graph] } };
    expect(rejection({ ...good, image })).toMatch('image.backends.wasm.0.rows');
  });

  test('run image towers of patches on WASM, with a projector where the model has one', () => {
    const siglip = { engine: 'siglip', file: 'tower.onnx', dtype: 'int7' } as const;
    const withImage = (variant: object, more: object = {}): unknown => ({
      ...good,
      image: {
        ...good.image,
        geometry: { kind: 'patches', patch: 16, maxPatches: 256 },
        inputs: { pixels: 'pixels', mask: 'mask', shapes: 'shapes' },
        ...more,
        backends: { ...backends, wasm: [variant] },
      },
    });
    const projector = { file: 'words.json', input: 'features', output: 'embedding' };
    expect(parseManifest(withImage(siglip)).image.backends.wasm[0]).toEqual(siglip);
    const both = { ...siglip, projector: 'words.json' };
    expect(parseManifest(withImage(both, { projector })).image.backends.wasm[0]).toEqual(both);
    expect(rejection(withImage(both))).toMatch('image.backends.wasm.0.projector');
    expect(rejection(withImage(siglip, { projector }))).toMatch('image.backends.wasm.0.projector');
    const fixed = { geometry: { kind: 'fixed', width: 224, height: 224, fit: 'squash' } };
    expect(rejection(withImage(siglip, fixed))).toMatch('image.backends.wasm.0.engine');
    expect(rejection(withText({ ...siglip, provider: 'wasm' }))).toMatch(
      'text.backends.webgpu.0.engine',
    );
  });

  test('have golden vectors of the right length', () => {
    const short = [{ input: 'dog', vector: 'AACAPw==' }];
    expect(rejection(withText({ ...own, golden: short }))).toMatch('webgpu.0.golden.0.vector');
  });
});

describe('format version', () => {
  test('of a later release is refused, whatever else is in it', () => {
    const [code, message] = failure({ formatVersion: 2, anything: true });
    expect(code).toBe('unsupported-format-version');
    expect(message).toContain('has format version 2; this release reads up to 1');
  });

  test.each([[{}], [null], ['<!doctype html>'], [{ formatVersion: '1' }]])(
    '%j is invalid',
    (json) => {
      expect(failure(json)[0]).toBe('manifest-invalid');
    },
  );
});

function rejection(json: unknown): string {
  try {
    parseManifest(json);
  } catch (thrown) {
    return String(thrown);
  }
  return 'none';
}
