import { afterAll } from 'vitest';
import { WorkerLink } from '../../client/worker-link';
import type { KernelContract } from './test-workers/kernel-contract';
import { describeKernel } from './test-workers/kernel-suite';

const link = new WorkerLink<KernelContract>(
  () => new Worker(new URL('./test-workers/kernel.worker.ts', import.meta.url), { type: 'module' }),
);

afterAll(() => {
  link.dispose();
});

for (const name of ['wasm-simd', 'scalar'] as const) {
  describeKernel(name, {
    score: (task) => link.call('score', task),
    search: (args) => link.call('search', args),
    copy: (task) => link.call('copy', task),
  });
}
