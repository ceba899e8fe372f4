import { beforeEach, describe, expect, test } from 'vitest';
import { makeRoom, type MakeRoomOptions } from './make-room';
import { MemoryStorage } from './memory-storage';
import { keepFile, modelRecord } from './test-workers/model-data';

/** Bytes of the files here; what makeRoom adds on top of what is needed counts in the same. */
const MB = 1_000_000;
const MARGIN = 2 ** 20;

let storage: MemoryStorage;
beforeEach(() => {
  storage = new MemoryStorage();
});

/** A model with files of so many bytes, last used at `usedAt`. */
async function keep(key: string, usedAt: number, files: Record<string, number>): Promise<void> {
  const names = Object.fromEntries(Object.keys(files).map((file) => [file, file]));
  await storage.writeModel(modelRecord(key, names, { id: key, usedAt }));
  for (const [file, size] of Object.entries(files)) {
    await keepFile(storage, file, new Uint8Array(size), 100 * MB);
  }
}

/** Makes room for `needed` bytes where `free` are; resolves to the keys of what went. */
async function evictedFor(
  needed: number,
  free: number,
  rest: Partial<MakeRoomOptions> = {},
): Promise<string[]> {
  const evicted = await makeRoom({
    storage,
    needed,
    keep: [],
    estimate: () => Promise.resolve({ usage: 5 * MB, quota: 5 * MB + free }),
    isInUse: () => Promise.resolve(false),
    withUnused: (_key, work) => work(),
    signal: new AbortController().signal,
    ...rest,
  });
  return evicted.map(({ key }) => key);
}

async function keptKeys(): Promise<string[]> {
  return (await storage.listModels()).map(({ key }) => key);
}

describe('room for a model', () => {
  test('is there: nothing goes', async () => {
    await keep('old', 1, { a: MB });
    expect(await evictedFor(10 * MB, 10.2 * MB + MARGIN)).toEqual([]);
    expect(await keptKeys()).toEqual(['old']);
  });

  test('counts a margin for the database itself', async () => {
    await keep('old', 1, { a: MB });
    expect(await evictedFor(10 * MB, 10.2 * MB + MARGIN - 1)).toEqual(['old']);
  });

  test('is not asked for by nothing, however full the disk is', async () => {
    await keep('old', 1, { a: MB });
    expect(await evictedFor(0, -MB)).toEqual([]);
  });

  test('is hoped for where the browser tells nothing', async () => {
    await keep('old', 1, { a: MB });
    const estimate = (): Promise<null> => Promise.resolve(null);
    expect(await evictedFor(1e12, 0, { estimate })).toEqual([]);
  });

  test('is what was not used for longest, and no more than necessary', async () => {
    await keep('second', 2, { b: 3 * MB });
    await keep('third', 3, { c: 3 * MB });
    await keep('first', 1, { a: 3 * MB });
    expect(await evictedFor(4 * MB, 0)).toEqual(['first', 'second']);
    expect(await keptKeys()).toEqual(['third']);
  });

  test('spares an old model that is too small to matter', async () => {
    await keep('small', 1, { a: 1000 });
    await keep('large', 2, { b: 9 * MB });
    expect(await evictedFor(7 * MB, 0)).toEqual(['large']);
    expect(await keptKeys()).toEqual(['small']);
  });

  test('never takes the one that is to stay, nor one in use', async () => {
    await keep('mine', 1, { a: 9 * MB });
    await keep('loaded', 2, { b: 9 * MB });
    await keep('idle', 3, { c: 9 * MB });
    const isInUse = (key: string): Promise<boolean> => Promise.resolve(key === 'loaded');
    expect(await evictedFor(MB, 0, { keep: ['mine'], isInUse })).toEqual(['idle']);
    expect(await keptKeys()).toEqual(['loaded', 'mine']);
  });
});

describe('a file that models share', () => {
  test('frees nothing while one of them stays', async () => {
    await keep('one', 1, { shared: 9 * MB, a: MB });
    await keep('two', 2, { shared: 9 * MB });
    await keep('three', 3, { c: 5 * MB });
    expect(await evictedFor(3 * MB, 0, { keep: ['two'] })).toEqual(['three']);
    expect(await keptKeys()).toEqual(['two', 'one']);
  });

  test('is freed by the last of them', async () => {
    await keep('one', 1, { shared: 9 * MB });
    await keep('two', 2, { shared: 9 * MB });
    await keep('three', 3, { c: 5 * MB });
    expect(await evictedFor(7 * MB, 0)).toEqual(['one', 'two']);
    expect(await storage.find('shared')).toBeNull();
  });
});

describe('no room', () => {
  test('is told with figures and advice, and nothing is evicted', async () => {
    await keep('first', 1, { a: 3 * MB });
    await keep('second', 2, { b: 20 * MB });
    await keep('loaded', 3, { c: 50 * MB });
    const isInUse = (key: string): Promise<boolean> => Promise.resolve(key === 'loaded');
    const failure = evictedFor(60 * MB, 12.5 * MB, { isInUse });
    await expect(failure).rejects.toMatchObject({
      code: 'quota-exceeded',
      message:
        'The model needs 62 MB more of storage, but the browser leaves this site 13 MB. Evicting ' +
        'first 1.0.0 (3.0 MB), second 1.0.0 (20 MB) would free 23 MB, which is not enough. Free ' +
        'disk space, delete models or other data of this site, or load the model with ' +
        "storage: 'memory', which keeps nothing.",
    });
    expect(await keptKeys()).toEqual(['loaded', 'second', 'first']);
  });

  test('and nothing to evict is said so', async () => {
    await expect(evictedFor(60 * MB, 0)).rejects.toThrow('No stored model can be evicted.');
  });
});

describe('a model that comes into use while room is made', () => {
  /** Refuses `busy` as if a page had just loaded it. */
  function refusing(busy: string): MakeRoomOptions['withUnused'] {
    return (key, work) => (key === busy ? Promise.resolve(null) : work());
  }

  test('stays, and the next one goes for it', async () => {
    await keep('first', 1, { a: 3 * MB });
    await keep('second', 2, { b: 3 * MB });
    await keep('third', 3, { c: 3 * MB });
    const withUnused = refusing('first');
    expect(await evictedFor(4 * MB, 0, { withUnused })).toEqual(['second', 'third']);
    expect(await keptKeys()).toEqual(['first']);
  });

  test('may leave too little', async () => {
    await keep('first', 1, { a: 9 * MB });
    const failure = evictedFor(4 * MB, 0, { withUnused: refusing('first') });
    await expect(failure).rejects.toMatchObject({ code: 'quota-exceeded' });
    expect(await keptKeys()).toEqual(['first']);
  });
});

test('an abort ends it before anything is evicted', async () => {
  await keep('first', 1, { a: 9 * MB });
  const failure = evictedFor(MB, 0, { signal: AbortSignal.abort() });
  await expect(failure).rejects.toMatchObject({ code: 'aborted' });
  expect(await keptKeys()).toEqual(['first']);
});
