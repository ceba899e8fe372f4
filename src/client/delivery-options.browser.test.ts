/** What the options of `createLens` and of the model cache have in common, and listings of files. */
import { describe, expect, test } from 'vitest';
import { checkDownload } from './download-options';
import { checkLensOptions } from './lens-options';
import type { LensOptions } from './api';
import { openModelCache } from './model-cache';
import { PauseController } from './pause-controller';

const page = (path: string): string => new URL(path, document.baseURI).href;
const DIGEST = 'ab'.repeat(32);
const BASE = { id: 'own', version: '1', url: '/own', files: { 'a.bin': {} } };

function listing(facts: object): Record<string, unknown> {
  return { ...BASE, files: { 'a.bin': facts } };
}

function download(model: unknown, options: object = {}): ReturnType<typeof checkDownload> {
  return checkDownload(model as string, options);
}

function refusal(message: string): Error {
  return expect.objectContaining({
    code: 'invalid-input',
    message: expect.stringContaining(message) as string,
  }) as Error;
}

describe('the source', () => {
  test('has defaults', () => {
    expect(download('mini').source).toEqual({
      from: page('models/mini/'),
      mirrors: [],
      integrity: 'required',
      publicKey: null,
      storage: 'persistent',
    });
  });

  test('is what was asked for', () => {
    const pause = new PauseController();
    const options = {
      mirrors: ['https://mirror.example/own', new URL('https://other.example/own/')],
      integrity: 'first-use',
      publicKey: 'key',
      storage: 'memory',
      pause,
    } as const;
    const source = {
      from: page('/own/'),
      mirrors: ['https://mirror.example/own/', 'https://other.example/own/'],
      integrity: 'first-use',
      publicKey: 'key',
      storage: 'memory',
    };
    expect(download('/own', options)).toMatchObject({ source, pause });
    expect(checkLensOptions({ model: '/own', ...options })).toMatchObject({ source, pause });
  });

  test.each([
    [{}],
    [{ size: 1 }],
    [{ size: 5, sha256: DIGEST }],
    [{ size: 17, sha256: DIGEST, chunks: { size: 8, sha256: [DIGEST, DIGEST, DIGEST] } }],
  ])('may be a listing with a file of %j', (facts) => {
    const { source } = download(listing(facts));
    expect(source.from).toEqual({ ...listing(facts), url: page('/own/') });
  });
});

describe('of both', () => {
  test.each([
    [{ mirrors: 'https://mirror.example/' }, '"mirrors" must be an array of URLs of folders'],
    [{ mirrors: [undefined] }, '"mirrors" must be the URL of a folder; got undefined'],
    [{ mirrors: [null] }, '"mirrors" must be the URL of a folder; got object'],
    [{ mirrors: ['http://'] }, '"mirrors" must be the URL of a folder; got http://'],
    [{ integrity: 'none' }, '"integrity" must be "required" or "first-use"; got "none"'],
    [{ publicKey: 5 }, '"publicKey" must be a key in base64; got number'],
    [{ storage: 'disk' }, '"storage" must be "persistent" or "memory"; got "disk"'],
    [{ pause: {} }, '"pause" must be a PauseController; got object'],
    [{ assets: 5 }, '"assets" must be the URL of a folder; got number'],
    [{ assets: null }, '"assets" must be the URL of a folder; got object'],
    [{ signal: 5 }, '"signal" must be an AbortSignal; got number'],
    [{ onProgress: 'log' }, '"onProgress" must be a function; got "log"'],
  ])('%j is refused', (options, message) => {
    expect(() => download('mini', options)).toThrow(refusal(message));
    const lens = { model: 'mini', ...options } as unknown as LensOptions;
    expect(() => checkLensOptions(lens)).toThrow(refusal(message));
  });
});

describe('of a download', () => {
  test.each<[unknown, string]>([
    [null, '"model" must be a name, the URL of a folder, or a listing of files; got object'],
    [undefined, '"model" must be a name, the URL of a folder, or a listing of files; got undef'],
    [5, '"model" must be a name, the URL of a folder, or a listing of files; got number'],
    [{ ...BASE, id: '' }, '"model.id" must be a name; got ""'],
    [{ ...BASE, version: 1 }, '"model.version" must be a version; got number'],
    [{ ...BASE, url: undefined }, '"model.url" must be the URL of a folder; got undefined'],
    [{ ...BASE, files: undefined }, '"model.files" must be an object of files by name; got undef'],
    [{ ...BASE, files: ['a.bin'] }, '"model.files" must be an object of files by name; got object'],
    [{ ...BASE, files: { a: DIGEST } }, 'files["a"]" must be { size?, sha256?, chunks? }; got "ab'],
    [{ ...BASE, files: { '../a.bin': {} } }, 'files["../a.bin"]" must be'],
    [{ ...BASE, files: { 'https://other.example/a.bin': {} } }, 'a.bin"]" must be'],
    [listing({ size: 0 }), 'files["a.bin"].size" must be a whole number of bytes, 1 or more; got'],
    [listing({ size: -1 }), 'files["a.bin"].size" must be a whole number of bytes'],
    [listing({ size: 1.5 }), 'files["a.bin"].size" must be a whole number of bytes'],
    [listing({ size: '5' }), 'must be a whole number of bytes, 1 or more; got "5"'],
    [listing({ sha256: 'AB'.repeat(32) }), 'files["a.bin"].sha256" must be 64 lower-case hex dig'],
    [listing({ sha256: 'ab' }), '64 lower-case hex digits; got "ab"'],
    ...[
      8,
      null,
      { size: 8 },
      { size: 0, sha256: [] },
      { size: 8, sha256: ['x'] },
      { size: 8, sha256: [DIGEST, DIGEST] },
    ].map((chunks): [unknown, string] => [
      listing({ size: 5, chunks }),
      'files["a.bin"].chunks" must be the size of the pieces and a digest for each of them',
    ]),
    [listing({ chunks: { size: 8, sha256: [DIGEST] } }), 'files["a.bin"].chunks" must be the size'],
  ])('of %j is refused', (model, message) => {
    expect(() => download(model)).toThrow(refusal(message));
  });

  test('of a listing with a key is refused, as nothing is signed', () => {
    const message = '"publicKey" must be left out for a listing, which carries no signature';
    expect(() => download(BASE, { publicKey: 'key' })).toThrow(refusal(message));
  });

  test.each([['a.bin'], [[5]], [null]])('with the files %j is refused', (files) => {
    const message = '"files" must be an array of names';
    expect(() => download('mini', { files })).toThrow(refusal(message));
  });

  test('is refused as a rejection, before a worker is asked', async () => {
    const models = openModelCache();
    const refused = models.download(null as unknown as string);
    await expect(refused).rejects.toEqual(refusal('"model" must be a name'));
    models.dispose();
  });
});
