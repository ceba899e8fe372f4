import { expect, test } from 'vitest';
import { DeviceWatch } from './device-watch';

type Lost = Awaited<GPUDevice['lost']>;

/** A device that is lost when it is told to be. */
function device(): { readonly lost: Promise<Lost>; readonly lose: (message: string) => void } {
  let resolve: (lost: Lost) => void = () => undefined;
  const lost = new Promise<Lost>((settle) => {
    resolve = settle;
  });
  return {
    lost,
    lose: (message) => {
      resolve({ reason: 'unknown', message } as Lost);
    },
  };
}

const never = (): Promise<never> => new Promise(() => undefined);
const LOST = { code: 'device-lost', message: 'The graphics device was lost (unknown: reset).' };

test('work settles as it does by itself while the device is there', async () => {
  const watch = new DeviceWatch(device());
  expect(await watch.during(() => Promise.resolve(7))).toBe(7);
  await expect(watch.during(() => Promise.reject(new Error('own')))).rejects.toThrow('own');
});

test('work that would never end ends with the device', async () => {
  const gpu = device();
  const watch = new DeviceWatch(gpu);
  const pending = [watch.during(never), watch.during(never)];
  gpu.lose('reset');
  for (const each of pending) await expect(each).rejects.toMatchObject(LOST);
});

test('nothing is begun on a device that is gone', async () => {
  const gpu = device();
  const watch = new DeviceWatch(gpu);
  gpu.lose('reset');
  await gpu.lost;
  let begun = 0;
  const work = (): Promise<number> => Promise.resolve(++begun);
  await expect(watch.during(work)).rejects.toMatchObject(LOST);
  expect(begun).toBe(0);
});

test('work that fails before the browser says why ends with the device, too', async () => {
  const gpu = device();
  const watch = new DeviceWatch(gpu);
  const run = watch.during(() => Promise.reject(new Error('Buffer was unmapped')));
  await Promise.resolve();
  gpu.lose('reset');
  await expect(run).rejects.toMatchObject(LOST);
});
