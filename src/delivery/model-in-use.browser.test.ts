import { beforeEach, describe, expect, test } from 'vitest';
import { holdModel, modelLockName } from '../protocol/model-use';
import { isModelInUse, withUnusedModel } from './model-in-use';

let key = '';
beforeEach(() => {
  key = `https://photos.example/${crypto.randomUUID()}/manifest.json`;
});

const work = (): Promise<string> => Promise.resolve('done');

describe('a model', () => {
  test('that nobody holds is unused', async () => {
    expect(await isModelInUse(key)).toBe(false);
    expect(await withUnusedModel(key, work)).toBe('done');
  });

  test('is in use until the last of its holders lets go', async () => {
    const letGoOfOne = await holdModel(key);
    const letGoOfOther = await holdModel(key);
    expect(await isModelInUse(key)).toBe(true);
    expect(await withUnusedModel(key, work)).toBeNull();
    letGoOfOne();
    letGoOfOne();
    expect(await isModelInUse(key)).toBe(true);
    expect(await withUnusedModel(key, work)).toBeNull();
    letGoOfOther();
    await freed();
    expect(await isModelInUse(key)).toBe(false);
    expect(await withUnusedModel(key, work)).toBe('done');
  });

  test('held does not keep another from being deleted', async () => {
    const letGo = await holdModel(key);
    expect(await isModelInUse(`${key}#arriving`)).toBe(false);
    expect(await withUnusedModel(`${key}#arriving`, work)).toBe('done');
    letGo();
  });

  test('that is being deleted is held only when that is over', async () => {
    let endDeletion: (result: string) => void = () => undefined;
    let deleted: Promise<string | null> = Promise.resolve(null);
    await new Promise<void>((begun) => {
      deleted = withUnusedModel(key, () => {
        begun();
        return new Promise<string>((resolve) => {
          endDeletion = resolve;
        });
      });
    });
    const order: string[] = [];
    const held = holdModel(key).then((letGo) => {
      order.push('held');
      letGo();
    });
    // Wanted counts as used; and two deletions do not run at the same time.
    expect(await isModelInUse(key)).toBe(true);
    expect(await withUnusedModel(key, work)).toBeNull();
    order.push('deleted');
    endDeletion('done');
    expect(await deleted).toBe('done');
    await held;
    expect(order).toEqual(['deleted', 'held']);
  });

  test('whose deletion fails can be used and deleted', async () => {
    const failure = new Error('no');
    await expect(withUnusedModel(key, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await withUnusedModel(key, work)).toBe('done');
    (await holdModel(key))();
  });

  test('of a page that died is unused', async () => {
    const page = await holderInWorker(key);
    expect(await withUnusedModel(key, work)).toBeNull();
    page.terminate();
    await freed();
    expect(await withUnusedModel(key, work)).toBe('done');
  });
});

/** Resolves when nobody holds the lock any more: letting go takes its way through the browser. */
function freed(): Promise<void> {
  return navigator.locks.request(modelLockName(key), () => undefined);
}

/** Another realm that holds the lock and then does nothing. */
function holderInWorker(of: string): Promise<Worker> {
  const name = JSON.stringify(modelLockName(of));
  const source = `navigator.locks.request(${name}, { mode: 'shared' }, () => {
    postMessage('held');
    return new Promise(() => {});
  });`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  return new Promise((resolve) => {
    worker.onmessage = () => {
      resolve(worker);
    };
  });
}
