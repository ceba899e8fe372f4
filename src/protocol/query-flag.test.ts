import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { QueryFlag } from './query-flag';

const flag = new QueryFlag(new SharedArrayBuffer(8), 1);

test('without a query, nothing waits', async () => {
  await flag.during(() => Promise.resolve());
  flag.wait();
  await expect(flag.during(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const patient = new QueryFlag(flag.buffer, Infinity);
  // It would never end.
  patient.wait();
});

test('behind a long query it waits once, and again behind the next', async () => {
  const waits: boolean[] = [];
  const timed = (): void => {
    const start = performance.now();
    flag.wait();
    waits.push(performance.now() - start >= 1);
  };
  await flag.during(() => {
    timed();
    timed();
    return Promise.resolve();
  });
  flag.wait();
  await flag.during(() => {
    timed();
    return Promise.resolve();
  });
  expect([waits[0], waits[2]]).toEqual([true, true]);
});

test('however many queries end meanwhile, it waits no longer in all', async () => {
  // Wakes it again and again, while another query goes on.
  const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    const state = new Int32Array(workerData);
    parentPort.postMessage('ready');
    for (;;) { Atomics.notify(state, 0); Atomics.wait(state, 1, 0, 1); }`;
  const waker = new Worker(source, { eval: true, workerData: flag.buffer });
  await once(waker, 'message');
  try {
    await flag.during(() => {
      // Else it would come to no end.
      new QueryFlag(flag.buffer, 20).wait();
      return Promise.resolve();
    });
  } finally {
    await waker.terminate();
  }
});

test('both sides see whether it is heeded', () => {
  const other = new QueryFlag(flag.buffer);
  expect(other.heeded).toBe(false);
  flag.heeded = true;
  expect(other.heeded).toBe(true);
  flag.heeded = false;
  expect(other.heeded).toBe(false);
});
