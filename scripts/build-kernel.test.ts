import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildKernel, KERNELS } from './build-kernel.mjs';

test.each(KERNELS)('$constant is what its source compiles to', async (kernel) => {
  expect(await readFile(kernel.target, 'utf8')).toBe(await buildKernel(kernel));
});
