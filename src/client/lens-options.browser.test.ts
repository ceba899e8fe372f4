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
  ])('%j: %s', (options, code, message) => {
    expect(() => checkLensOptions(options as LensOptions)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});
