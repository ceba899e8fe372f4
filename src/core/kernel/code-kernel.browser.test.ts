import { expect, test, vi } from 'vitest';
import { pickCodeKernel } from './pick-code-kernel';
import { describeCodeKernel } from './test-workers/code-kernel-suite';
import { describeSharedKernel } from './test-workers/shared-kernel-suite';

for (const name of ['relaxed-simd', 'simd'] as const) {
  describeCodeKernel(name);
  describeSharedKernel(name);
}

test('the fastest form that the engine has', () => {
  expect(pickCodeKernel().name).toBe('relaxed-simd');
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValueOnce(false);
  expect(pickCodeKernel().name).toBe('simd');
  validate.mockRestore();
});
