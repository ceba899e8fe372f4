import { afterAll, beforeAll, expect, test } from 'vitest';
import { WorkerLink } from '../../client/worker-link';
import type { ScanContract, SearchReport } from './test-workers/scan-contract';

const link = new WorkerLink<ScanContract>(
  () =>
    new Worker(new URL('./test-workers/scan-host.worker.ts', import.meta.url), { type: 'module' }),
);

beforeAll(() => {
  expect(crossOriginIsolated).toBe(true);
});

afterAll(() => {
  link.dispose();
});

/** Searches until that is so of a report; all of them must be right. */
async function searchUntil(isSo: (report: SearchReport) => boolean): Promise<SearchReport> {
  for (;;) {
    const report = await link.call('search', { queries: 20 });
    expect(report.wrong).toBe(0);
    if (isSo(report)) return report;
  }
}

test.each([1, 3])('%i helpers take a part, and the candidates are the same', async (helpers) => {
  await link.call('open', { helpers, kind: 'own' });
  await link.call('grow', { rows: 9000 });
  await searchUntil(({ helped }) => helped > 0);
  // They see what was not there when they began.
  await link.call('grow', { rows: 12_000 });
  expect((await searchUntil(({ helped }) => helped > 0)).size).toBe(helpers);
  await link.call('end', null);
  const { wrong, helped, size } = await link.call('search', { queries: 3 });
  expect([wrong, helped, size]).toEqual([0, 0, 0]);
});

test('they are ended before the worker that they belong to', async () => {
  await link.call('open', { helpers: 2, kind: 'own' });
  await link.call('grow', { rows: 9000 });
  await searchUntil(({ helped }) => helped > 0);
  await link.endOwnWorkers(60_000);
  expect(await link.call('search', { queries: 3 })).toEqual({ wrong: 0, helped: 0, size: 0 });
});

test('one that never leaves is done without', async () => {
  await link.call('open', { helpers: 1, kind: 'stuck' });
  await link.call('grow', { rows: 9000 });
  await searchUntil(({ size }) => size === 0);
});

test('one that is broken is done without, and is no error of who asked for it', async () => {
  await link.call('open', { helpers: 1, kind: 'broken' });
  await link.call('grow', { rows: 9000 });
  await searchUntil(({ size }) => size === 0);
  expect(link.state).toBe('running');
});
