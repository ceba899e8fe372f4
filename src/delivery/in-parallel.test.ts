import { expect, test } from 'vitest';
import { inParallel } from './in-parallel';

const never = new AbortController().signal;

test('runs every item, in order, and never more than the limit at a time', async () => {
  let running = 0;
  let most = 0;
  const started: number[] = [];
  await inParallel([1, 2, 3, 4, 5], 2, never, async (item) => {
    started.push(item);
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
  });
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('the first failure ends the others, begins no more, and is what rejects', async () => {
  const started: number[] = [];
  const told: number[] = [];
  const running = inParallel([1, 2, 3], 2, never, (item, signal) => {
    started.push(item);
    if (item === 2) return Promise.reject(new Error('two'));
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        told.push(item);
        reject(new Error('late'));
      });
    });
  });
  await expect(running).rejects.toThrow('two');
  expect(started).toEqual([1, 2]);
  expect(told).toEqual([1]);
});

test("the caller's signal reaches the work", async () => {
  const controller = new AbortController();
  const running = inParallel([1], 1, controller.signal, async (_, signal) => {
    controller.abort(new Error('enough'));
    signal.throwIfAborted();
    await Promise.resolve();
  });
  await expect(running).rejects.toThrow('enough');
});
