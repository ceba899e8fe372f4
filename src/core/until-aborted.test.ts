import { expect, test } from 'vitest';
import { abortedError, untilAborted } from './until-aborted';

const FOR_EVER = new Promise<never>(() => undefined);

test('without a signal, or with one that does not fire, it is the promise', async () => {
  const { signal } = new AbortController();
  const failure = new Error('of the promise');
  await expect(untilAborted(Promise.resolve(1), undefined)).resolves.toBe(1);
  await expect(untilAborted(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(untilAborted(Promise.reject(failure), signal)).rejects.toBe(failure);
});

test('a signal ends the wait, once, and says why', async () => {
  const controller = new AbortController();
  let calls = 0;
  const waiting = untilAborted(FOR_EVER, controller.signal, () => (calls += 1));
  controller.abort('enough');
  await expect(waiting).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
  expect(calls).toBe(1);
  // One that has fired already ends it at once; the failure that comes later is nobody's.
  const late = untilAborted(Promise.reject(new Error('late')), controller.signal);
  await expect(late).rejects.toEqual(abortedError(controller.signal));
});

test('a signal that fires when all is over calls nobody', async () => {
  const controller = new AbortController();
  let calls = 0;
  await untilAborted(Promise.resolve(), controller.signal, () => (calls += 1));
  await Promise.resolve();
  controller.abort();
  expect(calls).toBe(0);
});
