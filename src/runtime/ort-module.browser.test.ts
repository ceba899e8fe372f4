/** Which build of ONNX Runtime is fetched: the plain one, unless WebGPU is wanted. */
import { expect, test } from 'vitest';
import { WorkerLink } from '../client/worker-link';
import type { OrtBuildContract } from './test-workers/ort-build-contract';

test.each([
  ['wasm', true, 'ort-wasm-simd-threaded.wasm'],
  ['wasm', false, 'ort-wasm-simd-threaded.wasm'],
  ['webgpu', true, 'ort-wasm-simd-threaded.jspi.wasm'],
  ['webgpu', false, 'ort-wasm-simd-threaded.asyncify.wasm'],
] as const)('for %s with JSPI %s it is %s alone', async (provider, jspi, file) => {
  const link = new WorkerLink<OrtBuildContract>(
    () =>
      new Worker(new URL('./test-workers/ort-build.worker.ts', import.meta.url), {
        type: 'module',
      }),
  );
  try {
    expect(await link.call('fetched', { provider, jspi })).toEqual([file]);
  } finally {
    link.dispose();
  }
});
