import { expect, test } from 'vitest';
import { processKind, threadTimes, timesBetween } from './thread-times.mjs';

test('adds up by name what was spent between two looks, largest first', () => {
  const before = new Map([
    ['1/1', { name: 'renderer: main thread', ms: 100 }],
    ['1/2', { name: 'renderer: pool', ms: 10 }],
    ['1/4', { name: 'renderer: gone', ms: 10 }],
  ]);
  const after = new Map([
    ['1/1', { name: 'renderer: main thread', ms: 103 }],
    ['1/2', { name: 'renderer: pool', ms: 12 }],
    ['1/3', { name: 'renderer: pool', ms: 5 }],
    ['1/5', { name: 'renderer: idle', ms: 0 }],
  ]);
  expect([...timesBetween(before, after)]).toEqual([
    ['renderer: pool', 7],
    ['renderer: main thread', 3],
  ]);
});

test('tells workers apart, which all have one name', () => {
  const worker = (ms: number) => ({ name: 'renderer: DedicatedWorker', ms });
  const after = new Map([
    ['1/2', worker(4)],
    ['1/3', worker(9)],
  ]);
  expect([...timesBetween(new Map([['1/3', worker(2)]]), after)]).toEqual([
    ['renderer: DedicatedWorker 1', 7],
    ['renderer: DedicatedWorker 2', 4],
  ]);
});

test('names processes as Chromium does', () => {
  expect(processKind('chromium\0--type=renderer\0--lang=en')).toBe('renderer');
  const utility = 'chromium\0--type=utility\0--utility-sub-type=storage.mojom.StorageService';
  expect(processKind(utility)).toBe('storage');
  expect(processKind('chromium\0--headless')).toBe('browser');
});

test.runIf(process.platform === 'linux')('sees what a process spends', async () => {
  const before = await threadTimes(process.pid);
  let sum = 0;
  for (let number = 0; number < 3e7; number++) sum += Math.sqrt(number);
  const spent = timesBetween(before, await threadTimes(process.pid));
  expect(sum).toBeGreaterThan(0);
  expect([...spent.values()].some((ms) => ms > 0)).toBe(true);
});
