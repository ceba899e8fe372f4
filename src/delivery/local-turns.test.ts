import { expect, test } from 'vitest';
import { inLocalTurn } from './local-turns';

const never = new AbortController().signal;

test('turns of one name follow each other, also after a failure', async () => {
  const order: string[] = [];
  const turn = (name: string, what: string): Promise<void> =>
    inLocalTurn(name, never, async () => {
      order.push(`${what} begins`);
      await Promise.resolve();
      order.push(`${what} ends`);
      if (what === 'first') throw new Error('first');
    });
  const first = turn('a', 'first');
  const second = turn('a', 'second');
  const other = turn('b', 'other');
  await expect(first).rejects.toThrow('first');
  await Promise.all([second, other]);
  expect(order.indexOf('second begins')).toBeGreaterThan(order.indexOf('first ends'));
  expect(order.indexOf('other begins')).toBeLessThan(order.indexOf('first ends'));
});

test('one that is aborted while it waits does not run', async () => {
  const controller = new AbortController();
  let end = (): void => undefined;
  const held = new Promise<void>((resolve) => (end = resolve));
  const first = inLocalTurn('c', never, () => held);
  const second = inLocalTurn('c', controller.signal, () => Promise.resolve('ran'));
  controller.abort();
  end();
  await first;
  await expect(second).rejects.toMatchObject({ code: 'aborted' });
});
