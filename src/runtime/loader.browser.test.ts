/** The loader against a real server, a real IndexedDB, and what goes wrong with both. */
import { deleteDB, openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ModelManifest } from '../models/manifest';
import type { LoadProgress } from '../protocol/tower-contract';
import { fetchBytes } from './fetch-bytes';
import { loadFile, type LoadFileOptions, type LoadedFile } from './load-file';
import { keepManifest, loadManifest } from './load-manifest';
import { ModelCache } from './model-cache';
import { sha256 } from './sha256';

/** Folders of the test server, and one that nobody serves. */
const FIXTURES = new URL('/src/runtime/fixtures/', location.href).href;
const MINI = new URL('/models/mini/', location.href).href;
const DEAD = 'http://localhost:1/model/';
const FILE = 'quarters.bmp';

const DATABASE = 'photoglot-models-test';
const never = new AbortController().signal;
let cache: ModelCache;
let mini: ModelManifest;
let manifest: ModelManifest;

beforeEach(async () => {
  cache = new ModelCache(DATABASE);
  mini = await loadManifest({ modelUrl: MINI, cache, signal: never });
  const bytes = new Uint8Array(await (await fetch(FIXTURES + FILE)).arrayBuffer());
  manifest = describing({ size: bytes.length, sha256: await sha256(bytes) });
});

afterEach(() => deleteDB(DATABASE));

function describing(file: ModelManifest['files'][string]): ModelManifest {
  return { ...mini, files: { [FILE]: file } };
}

function load(options: Partial<LoadFileOptions> = {}): Promise<LoadedFile> {
  return loadFile({
    manifest,
    file: FILE,
    modelUrl: FIXTURES,
    cache,
    signal: never,
    onProgress: () => undefined,
    ...options,
  });
}

describe('a file', () => {
  test('is fetched, verified and kept: the second time needs no server', async () => {
    const seen: LoadProgress[] = [];
    const first = await load({ onProgress: (progress) => seen.push(progress) });
    expect(await first.cached).toBe(true);
    const { size } = manifest.files[FILE] ?? { size: 0 };
    expect(seen.at(-1)).toEqual({ file: FILE, loaded: size, total: size, from: 'network' });
    const again: LoadProgress[] = [];
    const second = await load({ modelUrl: DEAD, onProgress: (progress) => again.push(progress) });
    expect(second.bytes).toEqual(first.bytes);
    expect(again).toEqual([{ file: FILE, loaded: size, total: size, from: 'cache' }]);
  });

  test('with other bytes is refused, says so, and is not kept', async () => {
    const { size, sha256: digest } = manifest.files[FILE] ?? { size: 0, sha256: '' };
    const wrong = { size, sha256: '00'.repeat(32) };
    const failure = load({ manifest: describing(wrong) });
    await expect(failure).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining(`has SHA-256 ${digest}, expected ${wrong.sha256}`) as string,
    });
    expect(await cache.readFile(wrong.sha256, size)).toBeUndefined();
    expect(await cache.readFile(digest, size)).toBeUndefined();
    // Failed once, then succeeds.
    expect((await load()).bytes).toHaveLength(size);
  });

  test.each([
    [-1, /has more than \d+ bytes, expected/],
    [1, /has \d+ bytes, expected \d+/],
  ])('whose size is off by %i is refused', async (difference, message) => {
    const { size, sha256: digest } = manifest.files[FILE] ?? { size: 0, sha256: '' };
    const wrong = describing({ size: size + difference, sha256: digest });
    const error: unknown = await load({ manifest: wrong }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'integrity' });
    expect((error as Error).message).toMatch(message);
  });

  test('from nowhere is "network"', async () => {
    await expect(load({ modelUrl: DEAD })).rejects.toMatchObject({ code: 'network' });
  });

  test('is loaded even where nothing can be kept', async () => {
    // A newer layout: this release cannot open the database at all.
    const newer = await openDB(`${DATABASE}-newer`, 99);
    const refused = await load({ cache: new ModelCache(`${DATABASE}-newer`) });
    expect(await refused.cached).toBe(false);
    expect(refused.bytes.length).toBeGreaterThan(0);
    newer.close();
    await deleteDB(`${DATABASE}-newer`);
  });

  test('of another size than described is not taken from the cache', async () => {
    const { size, sha256: digest } = manifest.files[FILE] ?? { size: 0, sha256: '' };
    await cache.writeFile(digest, new Uint8Array(3));
    expect((await load()).bytes).toHaveLength(size);
  });
});

describe('a large file', () => {
  const large = (): string => mini.image.backends.wasm[0]?.file ?? '';

  test('reports progress that only grows, up to its size', async () => {
    const seen: LoadProgress[] = [];
    const onProgress = (progress: LoadProgress): void => void seen.push(progress);
    await load({ manifest: mini, file: large(), modelUrl: MINI, onProgress });
    const loaded = seen.map((progress) => progress.loaded);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.at(-1)).toBe(mini.files[large()]?.size);
  });

  test('can be aborted on its way', async () => {
    const controller = new AbortController();
    const loading = load({
      manifest: mini,
      file: large(),
      modelUrl: MINI,
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(loading).rejects.toMatchObject({ code: 'aborted', name: 'AbortError' });
  });
});

describe('what a server may answer instead of a file', () => {
  const fetching = (url: string): Promise<Uint8Array> =>
    fetchBytes({ url, size: 10, signal: never, onProgress: () => undefined });

  test('a page', async () => {
    const page = URL.createObjectURL(new Blob(['<!doctype html>'], { type: 'text/html' }));
    await expect(fetching(page)).rejects.toMatchObject({
      code: 'integrity',
      message: expect.stringContaining('is an HTML page, expected a model file') as string,
    });
  });

  test('an error status', async () => {
    const missing = new URL('/src/runtime/fixtures/none.onnx', location.href).href;
    const error: unknown = await fetching(missing).catch((thrown: unknown) => thrown);
    // Development servers answer 404 or their start page.
    expect(['network', 'integrity']).toContain((error as { code?: unknown }).code);
  });
});

test('a file of more than one piece is kept as it is', async () => {
  const size = 2 ** 28 + 5;
  const bytes = new Uint8Array(size);
  const marked = [0, 2 ** 28 - 1, 2 ** 28, size - 1];
  marked.forEach((at, index) => (bytes[at] = index + 1));
  expect(await cache.writeFile('large', bytes)).toBe(true);
  const kept = await cache.readFile('large', size);
  expect(kept?.length).toBe(size);
  expect(marked.map((at) => kept?.[at])).toEqual([1, 2, 3, 4]);
});

test('a file that no memory holds is not even asked for', async () => {
  const call = fetchBytes({
    url: FIXTURES + FILE,
    size: 2 ** 50,
    signal: never,
    onProgress: () => undefined,
  });
  await expect(call).rejects.toMatchObject({
    code: 'session-failed',
    message: expect.stringContaining('more than this browser can hold') as string,
  });
});

describe('the manifest', () => {
  test('is kept for when the server is gone', async () => {
    await expect(loadManifest({ modelUrl: DEAD, cache, signal: never })).rejects.toMatchObject({
      code: 'network',
    });
    await keepManifest(DEAD, mini, cache);
    expect(await loadManifest({ modelUrl: DEAD, cache, signal: never })).toEqual(mini);
  });

  test('that was kept serves when something else is there now', async () => {
    // A folder of pictures: the server answers 404 or a page, never a manifest.
    await keepManifest(FIXTURES, mini, cache);
    expect(await loadManifest({ modelUrl: FIXTURES, cache, signal: never })).toEqual(mini);
  });

  test('that is new wins over the one that was kept', async () => {
    await keepManifest(MINI, { ...mini, version: 'old' }, cache);
    const { version } = await loadManifest({ modelUrl: MINI, cache, signal: never });
    expect(version).toBe(mini.version);
  });

  test('is not waited for by a caller that gave up', async () => {
    await keepManifest(DEAD, mini, cache);
    const signal = AbortSignal.abort();
    await expect(loadManifest({ modelUrl: DEAD, cache, signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
