import { describe, expect, test, vi } from 'vitest';
import type { CallContext } from '../../protocol/contract-types';
import { pickKernel } from './pick-kernel';
import { kernelRunner } from './test-workers/kernel-runner';
import { describeKernel } from './test-workers/kernel-suite';
import { createWasmKernel } from './wasm-kernel';

const context: CallContext = { signal: new AbortController().signal, progress: () => undefined };

for (const name of ['wasm-simd', 'scalar'] as const) {
  describeKernel(name, {
    score: (task) => kernelRunner.score(task, context),
    search: (args) => kernelRunner.search(args, context),
    copy: (task) => kernelRunner.copy(task, context),
  });
}

describe('choice', () => {
  test('WASM SIMD where it is there, plain JavaScript elsewhere', () => {
    expect(pickKernel().name).toBe('wasm-simd');
    vi.stubGlobal('WebAssembly', undefined);
    expect(createWasmKernel()).toBeNull();
    expect(pickKernel().name).toBe('scalar');
    vi.unstubAllGlobals();
  });
});
