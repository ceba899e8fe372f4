/** The encoder in a worker of a real browser: all forms of its kernels, alone and with threads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WorkerLink } from '../../client/worker-link';
import type { BertContract } from './test-workers/bert-contract';
import { describeBert } from './test-workers/bert-suite';
import { MODEL, ROWS } from './test-workers/bert-runner';

const link = new WorkerLink<BertContract>(
  () => new Worker(new URL('./test-workers/bert.worker.ts', import.meta.url), { type: 'module' }),
);

afterAll(() => {
  link.dispose();
});

const fixture = async (name: string): Promise<Blob> =>
  (await fetch(new URL(`./fixtures/${name}`, import.meta.url))).blob();

for (const kernel of ['dot', 'relaxed-simd', 'simd'] as const) {
  for (const threads of [1, 3]) {
    describe(`${kernel} on ${String(threads)}`, () => {
      beforeAll(async () => {
        const model = await fixture(MODEL);
        const rows = await Promise.all(ROWS.map((name) => fixture(name)));
        await link.call('load', { model, rows, kernel, threads });
      });

      describeBert('encoder', (texts) => link.call('encode', texts));
    });
  }
}

test('the fastest form is one with relaxed SIMD, which this browser has', async () => {
  expect(['dot', 'relaxed-simd']).toContain(await link.call('fastest', null));
});
