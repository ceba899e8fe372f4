import { afterEach, expect, test, vi } from 'vitest';
import type { TransformersLoad } from '../../protocol/transformers-contract';
import { openTower } from './open-tower';

afterEach(() => {
  vi.unstubAllGlobals();
});

const LOAD: TransformersLoad = {
  source: { kind: 'folder', url: 'http://localhost/model/' },
  libraryUrl: null,
  wasmUrl: 'http://localhost/ort/',
  device: 'webgpu',
  dtype: null,
};

test.each([
  { name: 'no WebGPU', gpu: undefined, message: 'no WebGPU' },
  { name: 'a blocked driver', gpu: { requestAdapter: refused }, message: 'The driver is blocked.' },
])('$name is an unavailable backend', async ({ gpu, message }) => {
  vi.stubGlobal('navigator', { gpu });
  const opening = openTower({
    ...{ tower: 'text', threads: 1, load: LOAD },
    progress: () => undefined,
    prepare: () => Promise.reject(new Error('It got further than it should.')),
  });
  await expect(opening).rejects.toMatchObject({
    code: 'backend-unavailable',
    message: expect.stringContaining(message) as string,
  });
});

function refused(): Promise<never> {
  return Promise.reject(new Error('The driver is blocked.'));
}
