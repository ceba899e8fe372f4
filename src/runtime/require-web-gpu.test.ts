/** Node has no WebGPU: each answer is given by hand. */
import { afterEach, expect, test, vi } from 'vitest';
import { requireWebGpu } from './require-web-gpu';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function browserWith(gpu: { requestAdapter: () => Promise<unknown> } | undefined): void {
  vi.stubGlobal('navigator', { gpu });
}

test('an adapter will do, and nothing goes on waiting', async () => {
  vi.useFakeTimers();
  browserWith({ requestAdapter: () => Promise.resolve({}) });
  await requireWebGpu();
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  ['no WebGPU', undefined],
  ['WebGPU without an adapter', { requestAdapter: () => Promise.resolve(null) }],
])('%s is refused', async (got, gpu) => {
  browserWith(gpu);
  await expect(requireWebGpu()).rejects.toMatchObject({
    code: 'backend-unavailable',
    message: expect.stringContaining(`has ${got}.`) as string,
  });
});

test('an adapter that never comes is refused after ten seconds', async () => {
  vi.useFakeTimers();
  browserWith({ requestAdapter: () => new Promise(() => undefined) });
  const refused = expect(requireWebGpu()).rejects.toMatchObject({
    code: 'backend-unavailable',
    message: expect.stringContaining('does not answer') as string,
  });
  await vi.advanceTimersByTimeAsync(9_999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await refused;
});
