import { afterAll } from 'vitest';
import { WorkerLink } from '../client/worker-link';
import type { PreprocessContract } from './test-workers/preprocess-contract';
import {
  describePreprocess,
  type FixedFixtures,
  type PatchFixtures,
} from './test-workers/preprocess-suite';

const link = new WorkerLink<PreprocessContract>(
  () =>
    new Worker(new URL('./test-workers/preprocess.worker.ts', import.meta.url), { type: 'module' }),
);

afterAll(() => {
  link.dispose();
});

async function fixtures(name: string): Promise<unknown> {
  return (await fetch(new URL(`/src/preprocess/fixtures/${name}`, location.href))).json();
}

const patches = (await fixtures('naflex-patches.json')) as PatchFixtures;
const fixed = (await fixtures('naflex-fixed.json')) as FixedFixtures;

for (const passes of ['wasm', 'scalar'] as const) {
  const driver = {
    patches: (task) => link.call('patches', task),
    planes: (task) => link.call('planes', task),
  } satisfies Parameters<typeof describePreprocess>[1];
  describePreprocess(passes, driver, patches, fixed);
}
