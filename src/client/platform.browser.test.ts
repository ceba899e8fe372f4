import { describe, expect, test } from 'vitest';

// Threads and WebGPU must not vanish silently from the test browser: other suites rely on them.
describe('the test browser', () => {
  test('is cross-origin isolated', () => {
    expect(globalThis.crossOriginIsolated).toBe(true);
    expect(new SharedArrayBuffer(8).byteLength).toBe(8);
  });

  test('has a WebGPU adapter', async () => {
    const adapter = await navigator.gpu.requestAdapter();
    expect(adapter).not.toBeNull();
    const device = await adapter?.requestDevice();
    expect(device?.limits.maxBufferSize).toBeGreaterThan(0);
    device?.destroy();
  });

  test('gets the files of ONNX Runtime from its own origin', async () => {
    const response = await fetch('/ort/ort-wasm-simd-threaded.mjs?import');
    expect(response.headers.get('content-type')).toContain('text/javascript');
  });
});
