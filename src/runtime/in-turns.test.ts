import { expect, test } from 'vitest';
import { inTurns } from './in-turns';

const never = new AbortController().signal;

/** Keeps the thread to itself for so many milliseconds. */
function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Calls back in a task of its own, as the message of another thread does. */
function onMessage(listener: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    listener();
  };
  port2.postMessage(null);
}

test('results stand in the order of the items', async () => {
  expect(await inTurns([3, 1, 2], never, (item) => item * 2)).toEqual([6, 2, 4]);
  expect(await inTurns([], never, () => 1)).toEqual([]);
});

test('messages are handled before all is done', async () => {
  const order: string[] = [];
  onMessage(() => order.push('message'));
  await inTurns([1, 2, 3, 4, 5, 6, 7, 8], never, (item) => {
    compute(10);
    order.push(`item ${item}`);
  });
  expect(order).toHaveLength(9);
  expect(order.indexOf('message')).toBeLessThan(8);
});

test('an abort ends it with the reason, between two items', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  onMessage(() => {
    controller.abort(reason);
  });
  let done = 0;
  const call = inTurns(Array.from({ length: 20 }), controller.signal, () => {
    compute(10);
    done++;
  });
  await expect(call).rejects.toBe(reason);
  expect(done).toBeLessThan(20);
});

test('what a job throws is the outcome', async () => {
  const call = inTurns([1], never, () => {
    throw new Error('bad item');
  });
  await expect(call).rejects.toThrow('bad item');
});
