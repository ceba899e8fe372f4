import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { buildKernel, TARGET } from './build-kernel.mjs';

test('dot-wasm.ts is what dot.wat compiles to', async () => {
  expect(await readFile(TARGET, 'utf8')).toBe(await buildKernel());
});
