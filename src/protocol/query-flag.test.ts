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

test('both sides see whether it is heeded', () => {
  const other = new QueryFlag(flag.buffer);
  expect(other.heeded).toBe(false);
  flag.heeded = true;
  expect(other.heeded).toBe(true);
  flag.heeded = false;
  expect(other.heeded).toBe(false);
});
