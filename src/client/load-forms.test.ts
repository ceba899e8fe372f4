/** The rules of trying; browser tests try real towers. */
import { beforeEach, describe, expect, test } from 'vitest';
import { PhotoglotError, type PhotoglotErrorCode } from '../errors';
import type { TowerInfo } from '../protocol/tower-contract';
import { loadForms } from './load-forms';
import type { PlannedForm, TowerPlan } from './plan-towers';

const files = { a: { size: 3 }, b: { size: 2 }, c: { size: 1 } };
const form = (file: string, device: 'webgpu' | 'wasm'): PlannedForm => ({
  device,
  variant: { file, dtype: file },
  key: null,
  tested: false,
  useless: null,
});
const plan: TowerPlan = {
  forms: [form('a', 'webgpu'), form('b', 'webgpu'), form('c', 'wasm')],
  reason: 'asked for',
};

let log: string[];
beforeEach(() => {
  log = [];
});

function load(
  failures: Readonly<Record<string, PhotoglotErrorCode>>,
  of: TowerPlan = plan,
  bring: () => Promise<void> = () => Promise.resolve(),
): ReturnType<typeof loadForms> {
  return loadForms({
    tower: 'text',
    plan: of,
    files,
    exchange: async ({ variant }) => {
      await bring();
      log.push(`bring ${variant.file}`);
    },
    load: ({ variant, device }): Promise<TowerInfo> => {
      log.push(`load ${variant.file}`);
      const code = failures[variant.file];
      if (code !== undefined) {
        return Promise.reject(new PhotoglotError(code, `no ${variant.file}`));
      }
      return Promise.resolve({ provider: device, dtype: variant.dtype, threads: 1, sessionMs: 1 });
    },
  });
}

test('the first that is good is taken, and nothing else brought', async () => {
  const info = await load({});
  expect([info.dtype, info.reason, info.rejected]).toEqual(['a', 'asked for', []]);
  expect(log).toEqual(['load a']);
});

test.each<PhotoglotErrorCode>([
  'session-failed',
  'self-test-failed',
  'out-of-memory',
  'device-lost',
  'worker-crashed',
])('after %s it is the next', async (reason) => {
  const info = await load({ a: reason });
  expect(info).toMatchObject({
    dtype: 'b',
    reason: `asked for; rejected before: a on webgpu (${reason})`,
    rejected: [{ provider: 'webgpu', dtype: 'a', reason, message: 'no a' }],
  });
  expect(log).toEqual(['load a', 'bring b', 'load b']);
});

test('where a provider is not there, no other form of it is brought', async () => {
  expect((await load({ a: 'backend-unavailable' })).dtype).toBe('c');
  expect(log).toEqual(['load a', 'bring c', 'load c']);
});

describe('what is known to be of no use', () => {
  const useless = { reason: 'self-test-failed', message: 'known' } as const;
  const [a = form('a', 'webgpu'), b = form('b', 'webgpu'), c = form('c', 'wasm')] = plan.forms;

  test('is told, and not tried', async () => {
    const info = await load({}, { ...plan, forms: [{ ...a, useless }, b, c] });
    expect([info.dtype, info.rejected]).toEqual([
      'b',
      [{ provider: 'webgpu', dtype: 'a', ...useless }],
    ]);
    expect(log).toEqual(['load b']);
  });

  test('is told in its place', async () => {
    const forms = [a, { ...b, useless }, c];
    const { rejected } = await load({ a: 'session-failed' }, { ...plan, forms });
    expect(rejected.map(({ dtype }) => dtype)).toEqual(['a', 'b']);
    expect(log).toEqual(['load a', 'bring c', 'load c']);
  });

  test('is not told where it was not needed', async () => {
    expect((await load({}, { ...plan, forms: [a, { ...b, useless }, c] })).rejected).toEqual([]);
  });
});

test.each<PhotoglotErrorCode>(['aborted', 'disposed', 'network', 'storage', 'integrity'])(
  '%s ends the matter',
  async (code) => {
    await expect(load({ a: code })).rejects.toMatchObject({ code, message: 'no a' });
    expect(log).toEqual(['load a']);
  },
);

describe('when the files of the next form cannot be brought', () => {
  const bringing = (code: PhotoglotErrorCode): ReturnType<typeof loadForms> =>
    load({ a: 'session-failed' }, plan, () =>
      Promise.reject(new PhotoglotError(code, 'No files.')),
    );

  test('the error says what was rejected before', async () => {
    await expect(bringing('network')).rejects.toMatchObject({
      code: 'network',
      message:
        'The files of b on webgpu could not be brought: No files. Rejected before: a on webgpu (session-failed).',
      cause: { code: 'session-failed', message: 'no a' },
    });
    expect(log).toEqual(['load a']);
  });

  test('aborting is told as it is', async () => {
    await expect(bringing('aborted')).rejects.toMatchObject({
      code: 'aborted',
      message: 'No files.',
    });
  });
});

describe('when nothing is left', () => {
  test('the error names all that was tried', async () => {
    const failures = { a: 'device-lost', b: 'self-test-failed', c: 'out-of-memory' } as const;
    await expect(load(failures)).rejects.toMatchObject({
      code: 'session-failed',
      message:
        'The text tower runs in no form on this device. Tried were: a on webgpu (device-lost): no a — ' +
        'b on webgpu (self-test-failed): no b — c on wasm (out-of-memory): no c',
      cause: { code: 'out-of-memory' },
    });
  });

  test('it has the code that they share', async () => {
    const failures = {
      a: 'self-test-failed',
      b: 'self-test-failed',
      c: 'self-test-failed',
    } as const;
    await expect(load(failures)).rejects.toMatchObject({ code: 'self-test-failed' });
  });

  test('a single failure is left as it is', async () => {
    const [, , only = form('c', 'wasm')] = plan.forms;
    const failing = load({ c: 'out-of-memory' }, { ...plan, forms: [only] });
    await expect(failing).rejects.toMatchObject({ code: 'out-of-memory', message: 'no c' });
  });
});
