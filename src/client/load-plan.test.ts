import { expect, test } from 'vitest';
import { planLoad } from './load-plan';

const MODEL = 'https://example.org/models/large/';
const SMALLER = 'https://example.org/models/small/';

const options = {
  dtype: { text: 'fp32', image: 'fp32' },
  modelUrl: MODEL,
  fallbackUrl: null,
  memory: 'normal',
} as const;
const asked = {
  modelUrl: MODEL,
  dtype: options.dtype,
  memory: 'normal',
  smallest: false,
  safeMode: null,
};
const anyDtype = { text: undefined, image: undefined };

test.each([0, 1])('after %i dead attempts it is what was asked for', (dead) => {
  expect(planLoad(options, dead)).toEqual(asked);
  expect(planLoad({ ...options, fallbackUrl: SMALLER }, dead)).toEqual(asked);
});

test.each([2, 3])('after %i it is the smallest, one tower at a time', (dead) => {
  expect(planLoad(options, dead)).toEqual({
    modelUrl: MODEL,
    dtype: anyDtype,
    memory: 'low',
    smallest: true,
    safeMode:
      `The page ended ${dead} times while it loaded the model at ${MODEL}. ` +
      'Therefore the smallest files of each tower were loaded, one tower at a time. ' +
      'The next start tries what was asked for again.',
  });
});

test.each([2, 3])('after %i it is the fallback, where there is one', (dead) => {
  expect(planLoad({ ...options, fallbackUrl: SMALLER }, dead)).toEqual({
    ...asked,
    modelUrl: SMALLER,
    dtype: anyDtype,
    safeMode:
      `The page ended ${dead} times while it loaded the model at ${MODEL}. ` +
      `Therefore the model at ${SMALLER} was loaded instead. ` +
      'The next start tries what was asked for again.',
  });
});

test('when the fallback died as well, it is the fallback in its smallest form', () => {
  const plan = planLoad({ ...options, fallbackUrl: SMALLER }, 4);
  expect(plan).toMatchObject({ modelUrl: SMALLER, memory: 'low', smallest: true });
  expect(plan?.safeMode).toContain(
    `the model at ${SMALLER} was loaded instead, of which the small`,
  );
});

test('when the smallest died as well, nothing is left', () => {
  expect([planLoad(options, 3)?.smallest, planLoad(options, 4)]).toEqual([true, null]);
  const withFallback = { ...options, fallbackUrl: SMALLER };
  expect([planLoad(withFallback, 5)?.smallest, planLoad(withFallback, 6)]).toEqual([true, null]);
});
