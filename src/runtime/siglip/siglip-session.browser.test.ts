/** The image tower in a worker of a real browser: all forms of its kernels, alone and with threads. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WorkerLink } from '../../client/worker-link';
import { QueryFlag } from '../../protocol/query-flag';
import type { SiglipContract } from './test-workers/siglip-contract';
import { MODEL, PROJECTOR } from './test-workers/siglip-runner';
import { describeSiglip, GRIDS } from './test-workers/siglip-suite';

const spawn = (): Worker =>
  new Worker(new URL('./test-workers/siglip.worker.ts', import.meta.url), { type: 'module' });
const link = new WorkerLink<SiglipContract>(spawn);
const other = new WorkerLink<SiglipContract>(spawn);

afterAll(() => {
  link.dispose();
  other.dispose();
});

const fixture = async (name: string): Promise<Blob> =>
  (await fetch(new URL(`./fixtures/${name}`, import.meta.url))).blob();

for (const kernel of ['dot', 'relaxed-simd', 'simd'] as const) {
  for (const threads of [1, 3]) {
    describe(`${kernel} on ${String(threads)}`, () => {
      beforeAll(async () => {
        const [model, projector] = [await fixture(MODEL), await fixture(PROJECTOR)];
        await link.call('load', { model, projector, kernel, threads });
      });

      describeSiglip('image tower', true, (pictures) => link.call('encode', pictures));
    });
  }
}

test.each([1, 2])('on %i threads it stands still while a query is encoded', async (threads) => {
  const flag = QueryFlag.create();
  expect(flag).not.toBeNull();
  if (flag === null) return;
  const files = { model: await fixture(MODEL), projector: null, kernel: 'simd', threads } as const;
  await link.call('load', { ...files, queries: flag.buffer });
  await other.call('load', files);
  const picture = GRIDS.slice(0, 1);
  let isDone = false;
  const encoding = await flag.during(async () => {
    const pending = link.call('encode', picture).finally(() => (isDone = true));
    // The same work, elsewhere: it would be done by then.
    for (let time = 0; time < 5; time++) await other.call('encode', picture);
    expect(isDone).toBe(false);
    return { pending };
  });
  expect(await encoding.pending).toEqual(await other.call('encode', picture));
});
