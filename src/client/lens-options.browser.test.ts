import { describe, expect, test } from 'vitest';
import type { LensOptions } from './api';
import { checkLensOptions } from './lens-options';

const page = (path: string): string => new URL(path, document.baseURI).href;

describe('the model’s folder', () => {
  test.each([
    ['mini', page('/files/models/mini/')],
    ['/models/own/', page('/models/own/')],
    ['/models/own', page('/models/own/')],
    ['models/own', page('models/own/')],
    ['./own', page('own/')],
    ['https://example.org/own?v=2', 'https://example.org/own/?v=2'],
  ])('of %s is %s', (model, expected) => {
    expect(checkLensOptions({ model, assets: '/files' }).modelUrl).toBe(expected);
  });

  test('may be a URL object, which is left as it is', () => {
    const model = new URL('https://example.org/own');
    expect(checkLensOptions({ model }).modelUrl).toBe('https://example.org/own/');
    expect(model.href).toBe('https://example.org/own');
  });

  test('does not move the runtime', () => {
    const { ortUrl } = checkLensOptions({ model: 'https://example.org/own/', assets: '/files' });
    expect(ortUrl).toBe(page('/files/ort/'));
  });
});

test.each([
  [undefined, { text: undefined, image: undefined }],
  ['fp32', { text: 'fp32', image: 'fp32' }],
  [
    { text: 'int8', image: 'fp32' },
    { text: 'int8', image: 'fp32' },
  ],
  [{ image: 'fp16' }, { text: undefined, image: 'fp16' }],
] as const)('the dtype %j is %j', (dtype, expected) => {
  expect(checkLensOptions({ model: 'mini', ...(dtype && { dtype }) }).dtype).toEqual(expected);
});

describe('the lifecycle', () => {
  test('has defaults', () => {
    expect(checkLensOptions({ model: 'mini' })).toMatchObject({
      memory: 'normal',
      unloadAfter: 300_000,
      fallbackUrl: null,
    });
  });

  test.each([0, 0.5, 2 ** 31 - 1, null])('may unload after %s', (unloadAfter) => {
    expect(checkLensOptions({ model: 'mini', unloadAfter }).unloadAfter).toBe(unloadAfter);
  });

  test.each([
    ['mini', page('/files/models/mini/')],
    ['/models/small', page('/models/small/')],
    [new URL('https://example.org/small'), 'https://example.org/small/'],
  ])('may fall back to %s', (fallback, expected) => {
    const options = { model: '/models/own', assets: '/files', fallback };
    expect(checkLensOptions(options).fallbackUrl).toBe(expected);
  });
});

describe('refuses', () => {
  test.each([
    [{ model: 'mini:2' }, 'invalid-input', '"model" must be the URL of a folder; got mini:2'],
    [{ model: 'http://' }, 'invalid-input', '"model" must be the URL of a folder; got http://'],
    [{ model: 'mini', assets: 'data:,' }, 'invalid-input', '"assets" must be the URL of a folder'],
    [{ model: 'own' }, 'model-not-found', 'by the URL of its folder'],
    [{ model: null }, 'invalid-input', '"model" must be the name of a model or the URL'],
    [{ model: 'mini', dtype: 8 }, 'invalid-input', '"dtype" must be a string or { text, image }'],
    [{ model: 'mini', dtype: null }, 'invalid-input', '"dtype" must be'],
    [{ model: 'mini', dtype: { text: 8 } }, 'invalid-input', '"dtype" must be'],
    [{ model: 'mini', dtype: { txt: 'int8' } }, 'invalid-input', '"dtype" must be'],
    [{ model: 'mini', memory: 'tiny' }, 'invalid-input', '"normal" or "low"; got "tiny"'],
    [
      { model: 'mini', unloadAfter: -1 },
      'invalid-input',
      '2147483647, or null for never; got "-1"',
    ],
    [{ model: 'mini', unloadAfter: Infinity }, 'invalid-input', '"unloadAfter" must be'],
    [{ model: 'mini', unloadAfter: '5' }, 'invalid-input', 'or null for never; got "5"'],
    [{ model: 'mini', fallback: 7 }, 'invalid-input', '"fallback" must be the name of a model'],
    [{ model: 'mini', fallback: 'http://' }, 'invalid-input', '"fallback" must be the URL of a'],
    [{ model: 'mini', fallback: 'none' }, 'model-not-found', 'There is no model "none"'],
    [{ model: 'mini', fallback: 'mini' }, 'invalid-input', 'must be another, smaller model'],
  ])('%j: %s', (options, code, message) => {
    expect(() => checkLensOptions(options as LensOptions)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});
