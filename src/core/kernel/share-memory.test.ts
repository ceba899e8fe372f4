import { expect, test } from 'vitest';
import { createKernel } from '../../runtime/kernels/kernel';
import { shareMemory } from './share-memory';

test('a module that is made for one thread runs on a shared memory', async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
  const { norm } = await createKernel('simd', memory);
  const x = new Float32Array(memory.buffer, 1024, 4);
  x.set([1, 2, 3, 4]);
  new Float32Array(memory.buffer, 2048, 4).fill(1);
  norm(0, 1, 1024, 1024, 2048, 4096, 4, 1e-5);
  expect(x[0]).toBeCloseTo(-1.3416, 3);
  expect(x[3]).toBeCloseTo(1.3416, 3);
});

test('another module is refused', () => {
  expect(() => shareMemory(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))).toThrow(RangeError);
});
