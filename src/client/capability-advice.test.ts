import { describe, expect, test } from 'vitest';
import { adviceFor } from './capability-advice';
import type { Capabilities, WebGpuCapabilities } from './capability-report';

type Report = Omit<Capabilities, 'advice'>;

const gpu: WebGpuCapabilities = {
  vendor: 'nvidia',
  architecture: 'ampere',
  description: '',
  isFallback: false,
  features: ['shader-f16'],
  limits: {
    maxBufferSize: 2 ** 32,
    maxStorageBufferBindingSize: 2 ** 31,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeWorkgroupStorageSize: 32_768,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupSizeX: 1024,
  },
};

const workstation: Report = {
  webgpu: gpu,
  wasm: { simd: true, relaxedSimd: true, jspi: true },
  threads: { available: true, count: 16 },
  crossOriginIsolated: true,
  memory: 8,
  cores: 16,
  storage: { indexedDb: true, quota: 1e11, usage: 1e9, persisted: true },
  webLocks: true,
  secureContext: true,
};

test('there is nothing to say of a good machine and page', () => {
  expect(adviceFor(workstation)).toEqual([]);
});

const storage = (changes: Partial<Report['storage']>): Partial<Report> => ({
  storage: { ...workstation.storage, ...changes },
});

const limited = (changes: Partial<WebGpuCapabilities['limits']>): Partial<Report> => ({
  webgpu: { ...gpu, limits: { ...gpu.limits, ...changes } },
});

describe.each<[string, Partial<Report>, readonly string[]]>([
  [
    'a page without its headers',
    { crossOriginIsolated: false, threads: { available: false, count: 1 } },
    ['one thread of 16', '"Cross-Origin-Opener-Policy: same-origin"', 'Embedder-Policy: require'],
  ],
  [
    'an isolated page without shared memory',
    { threads: { available: false, count: 1 } },
    ['no shared memory'],
  ],
  ['no WebGPU', { webgpu: null }, ['no WebGPU', 'device "wasm"', 'hardware acceleration']],
  ['a software adapter', { webgpu: { ...gpu, isFallback: true, features: [] } }, ['slower']],
  ['no shader-f16', { webgpu: { ...gpu, features: [] } }, ['fp16 variants cannot run']],
  [
    'small tensors',
    limited({ maxStorageBufferBindingSize: 134_217_728 }),
    ['larger than 134 MB', 'smaller number format'],
  ],
  ['little memory', { memory: 2 }, ['about 2 GB', 'memory: "low"', 'smaller dtype']],
  ['little storage', storage({ quota: 1.9e9, usage: 1e9 }), ['Only 900 MB', 'delete models']],
  ['storage that is full', storage({ quota: 1e9, usage: 2e9 }), ['Only 0 MB']],
  ['storage that may go', storage({ persisted: false }), ['evict', 'storage.persist()']],
  ['no database', storage({ indexedDb: false, quota: 0, usage: 0 }), ['private window']],
  ['no SIMD', { wasm: { simd: false, relaxedSimd: false, jspi: false } }, ['no model runs']],
  ['no locks', { webLocks: false }, ['no Web Locks', 'newer browser']],
])('of %s', (_, changes, words) => {
  test('one sentence says what and what to do', () => {
    const advice = adviceFor({ ...workstation, ...changes });
    expect(advice).toHaveLength(1);
    for (const word of words) expect(advice[0]).toContain(word);
  });
});

test('of an insecure page it is https that matters, not what follows from it', () => {
  const advice = adviceFor({
    ...workstation,
    secureContext: false,
    crossOriginIsolated: false,
    threads: { available: false, count: 1 },
    webLocks: false,
    storage: { indexedDb: true, quota: null, usage: null, persisted: null },
  });
  expect(advice).toEqual([expect.stringContaining('serve it over https')]);
});

test('what the browser does not tell is not held against it', () => {
  const unknown = { indexedDb: true, quota: null, usage: null, persisted: null };
  expect(adviceFor({ ...workstation, memory: null, cores: null, storage: unknown })).toEqual([]);
});
