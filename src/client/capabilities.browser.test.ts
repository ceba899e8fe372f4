/** What Chromium with its software adapter reports of itself. */
import { afterEach, expect, test, vi } from 'vitest';
import { TINY } from '../runtime/test-workers/tiny-models';
import { capabilities } from './capabilities';
import { createLens } from './create-lens';
import { isValid, RELAXED_SIMD_MODULE, SIMD_MODULE } from './detect-wasm';

afterEach(() => {
  vi.restoreAllMocks();
});

test('the report is what this browser is', async () => {
  const { advice, webgpu, storage, ...rest } = await capabilities();
  expect(rest).toEqual({
    wasm: { simd: true, relaxedSimd: true, jspi: 'Suspending' in WebAssembly },
    threads: { available: true, count: navigator.hardwareConcurrency },
    crossOriginIsolated: true,
    memory: (navigator as { readonly deviceMemory?: number }).deviceMemory,
    cores: navigator.hardwareConcurrency,
    webLocks: true,
    secureContext: true,
  });
  expect(storage).toEqual({
    indexedDb: true,
    quota: expect.any(Number) as number,
    usage: expect.any(Number) as number,
    persisted: expect.any(Boolean) as boolean,
  });
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) {
    expect(webgpu).toBeNull();
  } else {
    expect(webgpu?.isFallback).toBe(adapter.info.isFallbackAdapter);
    expect(webgpu?.features).toEqual([...adapter.features].sort());
    expect(webgpu?.limits.maxBufferSize).toBe(adapter.limits.maxBufferSize);
    expect(Object.values(webgpu?.limits ?? {}).every((limit) => limit > 0)).toBe(true);
  }
  for (const sentence of advice) expect(sentence).toMatch(/^[A-Z].*\.$/);
});

test('a lens reports the same', async () => {
  const lens = await createLens({ model: TINY.naflex, assets: '/' });
  const { storage, ...rest } = await lens.capabilities();
  await lens.dispose();
  const { storage: same, ...expected } = await capabilities();
  expect(rest).toEqual(expected);
  expect([storage.indexedDb, storage.persisted]).toEqual([same.indexedDb, same.persisted]);
});

test('the database that was tried is gone afterwards', async () => {
  await capabilities();
  const names = (await indexedDB.databases()).map(({ name = '' }) => name);
  expect(names.filter((name) => name.startsWith('photoglot-probe-'))).toEqual([]);
});

test('it never rejects, whatever the browser refuses', async () => {
  const refuse = (): never => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.spyOn(navigator.gpu, 'requestAdapter').mockRejectedValue(new Error('lost'));
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(refuse);
  vi.spyOn(StorageManager.prototype, 'estimate').mockImplementation(refuse);
  vi.spyOn(StorageManager.prototype, 'persisted').mockRejectedValue(new Error('denied'));
  const report = await capabilities();
  expect(report).toMatchObject({
    webgpu: null,
    storage: { indexedDb: false, quota: null, usage: null, persisted: null },
  });
  expect(report.advice.join(' ')).toContain('Nothing can be stored here');
});

test.each([
  ['SIMD', SIMD_MODULE],
  ['relaxed SIMD', RELAXED_SIMD_MODULE],
])('the module of %s is valid, and a corrupted one is not', (_, module) => {
  expect(isValid(module)).toBe(true);
  expect(isValid(module.slice(0, -1))).toBe(false);
  // An instruction of the same prefix that there is not.
  const prefix = module.lastIndexOf(0xfd);
  const unknown = Uint8Array.from([
    ...module.slice(0, prefix + 1),
    0xff,
    ...module.slice(prefix + 2),
  ]);
  expect(isValid(unknown)).toBe(false);
});
