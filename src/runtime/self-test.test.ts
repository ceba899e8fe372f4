import { afterEach, expect, test, vi } from 'vitest';
import { PhotoglotError } from '../errors';
import { unitRows } from './output-rows';
import { selfTest } from './self-test';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Unit vectors whose cosine to `[1,0]` is that. */
const at = (cosine: number): Float32Array =>
  Float32Array.of(cosine, Math.sqrt(1 - cosine * cosine));
const base64 = (vector: Float32Array): string =>
  btoa(String.fromCharCode(...new Uint8Array(vector.buffer as ArrayBuffer)));
const golden = ['a', 'b', 'c', 'd'].map((input) => ({ input, vector: base64(at(1)) }));

/** Runs the test where each input gives a vector of that cosine; resolves to the inputs that were run. */
async function run(
  cosines: Readonly<Record<string, number>>,
  { tested = false, ms = 0 } = {},
): Promise<readonly string[]> {
  const ran: string[] = [];
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const encode = (input: string): Promise<Float32Array> => {
    ran.push(input);
    now += ms;
    return Promise.resolve(at(cosines[input] ?? 1));
  };
  await selfTest({ golden, tested, encode });
  return ran;
}

test('all inputs are run where that is quick', async () => {
  expect(await run({})).toEqual(['a', 'b', 'c', 'd']);
});

test.each([
  [400, ['a', 'b', 'c']],
  [600, ['a', 'b']],
  [60_000, ['a', 'b']],
])('at %i ms each it is %j, two at least', async (ms, expected) => {
  expect(await run({}, { ms })).toEqual(expected);
});

test('what passed before is run once', async () => {
  expect(await run({ b: 0 }, { tested: true })).toEqual(['a']);
  await expect(run({ a: 0 }, { tested: true })).rejects.toMatchObject({ code: 'self-test-failed' });
});

test.each([0.991, 0.9901])('a cosine of %f passes', async (cosine) => {
  await run({ c: cosine });
});

test.each([0.9899, 0.5, 0, -1])('a cosine of %f of any input fails', async (cosine) => {
  for (const input of ['a', 'd']) {
    await expect(run({ [input]: cosine })).rejects.toMatchObject({
      code: 'self-test-failed',
      message: expect.stringContaining(
        `cosine ${cosine.toFixed(3)} to the golden vector of "${input}", expected at least 0.99.`,
      ) as string,
    });
  }
});

test('numbers that are none fail it', async () => {
  const encode = async (): Promise<Float32Array> => {
    const data = Float32Array.of(NaN, 1);
    return Promise.resolve(unitRows({ data, count: 1, dim: 2 }).data);
  };
  await expect(selfTest({ golden, tested: false, encode })).rejects.toMatchObject({
    code: 'self-test-failed',
    message: expect.stringContaining('cosine NaN') as string,
  });
});

test('inputs that say nothing do not count', async () => {
  const ran: string[] = [];
  const encode = (input: string): Promise<Float32Array | null> => {
    ran.push(input);
    return Promise.resolve(input === 'a' ? null : at(1));
  };
  await selfTest({ golden, tested: true, encode });
  expect(ran).toEqual(['a', 'b']);
  const wrong = (): Promise<Float32Array | null> => encode('a');
  await selfTest({ golden, tested: false, encode: wrong });
});

test('a run that fails is its own failure', async () => {
  const encode = (): Promise<never> =>
    Promise.reject(new PhotoglotError('out-of-memory', 'The model failed to run.'));
  await expect(selfTest({ golden, tested: false, encode })).rejects.toMatchObject({
    code: 'out-of-memory',
  });
});

test('a model without golden vectors has nothing to fail', async () => {
  const encode = (): Promise<never> => Promise.reject(new Error('not to be called'));
  await selfTest({ golden: [], tested: false, encode });
});
