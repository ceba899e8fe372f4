import { expect, test } from 'vitest';
import { Compute } from './compute';
import { givingWay } from './give-way';
import { createKernel } from './kernel';
import { singleThread } from './kernel-threads';
import { BASE } from './memory';
import { ThreadsFailed } from './thread-pool';

test('waits before each piece of work, also of the one thread that is left', async () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2 });
  const thread = singleThread(await createKernel('simd', memory));
  const row = new Float32Array(memory.buffer, BASE, 4);
  row.set([1, 2, 3, 4]);
  const broken = {
    ...thread,
    count: 2,
    run: () => {
      throw new ThreadsFailed('A thread has failed.');
    },
  };
  let waits = 0;
  const threads = givingWay(broken, () => waits++);
  const compute = new Compute({ threads, eps: 1e-5 });
  // Weights and shifts are zeros: so is what comes out.
  const zeros = { weight: BASE + 64, bias: BASE + 128 };
  const counts = await compute.during(false, () => {
    compute.norm(zeros, 4, 1, BASE, BASE);
    return Promise.resolve(compute.threads.count);
  });
  expect([...row]).toEqual([0, 0, 0, 0]);
  expect(counts).toBe(1);
  expect(waits).toBe(2);
});
