/** A model that leaves memory and comes back, with a tiny one in real workers. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goldenImage } from '../models/golden-images';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { Lens, LensOptions } from './api';
import { createLens } from './create-lens';
import { aliveTowers, TowerWatch } from './test-workers/tower-watch';

const NEVER = { unloadAfter: null };

const watch = new TowerWatch();
let lens: Lens | null = null;

beforeAll(() => {
  watch.start();
});
afterAll(() => {
  watch.stop();
});
beforeEach(() => {
  watch.reset();
});
afterEach(async () => {
  await lens?.dispose();
  await expect.poll(aliveTowers).toBe(0);
});

async function open(options: Partial<LensOptions>): Promise<Lens> {
  lens = await createLens({ model: TINY.naflex, assets: '/', ...options });
  return lens;
}

function picture(): ImageData {
  const { data, width, height } = goldenImage('circles');
  return new ImageData(data, width, height);
}

async function pictures(count: number): Promise<Blob[]> {
  const canvas = new OffscreenCanvas(48, 32);
  const context = canvas.getContext('2d');
  const files: Blob[] = [];
  for (let index = 0; index < count; index++) {
    context?.fillRect(index % 48, Math.floor(index / 48), 1, 1);
    files.push(await canvas.convertToBlob());
  }
  return files;
}

describe('unload', () => {
  test('ends the workers; the next calls load again, and give the same', async () => {
    const { embedText, embedImage } = bound(await open(NEVER));
    const before = [await embedText(['dog']), await embedImage([picture()])];
    await lens?.unload();
    expect(await aliveTowers()).toBe(0);
    const after = await Promise.all([embedText(['dog']), embedImage([picture()])]);
    expect(after).toEqual(before);
    expect(watch.spawned.toSorted()).toEqual(['image', 'image', 'text', 'text']);
  });

  test('waits for a loading that has just been asked for', async () => {
    const opened = await open(NEVER);
    await opened.unload();
    await Promise.all([opened.warmUp(), opened.unload()]);
    expect([await aliveTowers(), watch.spawned.length]).toEqual([0, 4]);
  });

  test('twice at once, or with nothing loaded, is once', async () => {
    const opened = await open(NEVER);
    await Promise.all([opened.unload(), opened.unload()]);
    await opened.unload();
    expect([await aliveTowers(), watch.spawned.length]).toEqual([0, 2]);
  });

  test('waits for calls that run, and calls that come meanwhile wait for it', async () => {
    const opened = await open(NEVER);
    const order: string[] = [];
    const call = async (count: number): Promise<void> => {
      const texts = Array.from({ length: count }, (_, index) => `text ${index}`);
      order.push(`${(await opened.embedText(texts)).count} texts`);
    };
    const running = call(200);
    const unloading = opened.unload().then(() => order.push('unloaded'));
    const later = call(2);
    await Promise.all([running, unloading, later]);
    expect(order[0]).toBe('200 texts');
    expect(order).toHaveLength(3);
    expect(watch.spawned.filter((name) => name === 'text')).toHaveLength(2);
  });

  test('while photos are indexed interrupts no batch', async () => {
    const opened = await open(NEVER);
    const photos = await opened.open('unload-test');
    await photos.clear();
    const files = await pictures(40);
    const unloads: Promise<void>[] = [];
    const { added, failed } = await photos.add(files, {
      onProgress: ({ done }) => {
        if (done > 0 && unloads.length === 0) unloads.push(opened.unload());
      },
    });
    await Promise.all(unloads);
    expect([added.length, failed]).toEqual([40, []]);
    expect(await photos.count()).toBe(40);
    expect(watch.spawned.filter((name) => name === 'image').length).toBeGreaterThan(1);
    await photos.clear();
  });

  test('after dispose has nothing to do', async () => {
    const opened = await open(NEVER);
    await opened.dispose();
    await opened.unload();
    await expect(opened.warmUp()).rejects.toMatchObject({ code: 'disposed' });
    expect(watch.spawned).toHaveLength(2);
  });

  test.each(['normal', 'low'] as const)(
    'after dispose no later call loads again, with memory: %s',
    async (memory) => {
      const opened = await open({ ...NEVER, memory });
      await opened.unload();
      await opened.dispose();
      const before = watch.spawned.length;
      for (let time = 0; time < 3; time++) {
        const calls = [opened.embedText(['dog']), opened.embedImage([picture()]), opened.warmUp()];
        for (const call of await Promise.allSettled(calls)) {
          expect(call).toMatchObject({ status: 'rejected', reason: { code: 'disposed' } });
        }
      }
      expect([await aliveTowers(), watch.spawned.length]).toEqual([0, before]);
    },
  );

  test('dispose meanwhile ends the calls that wait', async () => {
    const opened = await open(NEVER);
    const unloading = opened.unload();
    const waiting = opened.embedText(['dog']);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'disposed' });
    await opened.dispose();
    await refused;
    await unloading;
    expect(watch.spawned).toHaveLength(2);
  });
});

describe('unloadAfter', () => {
  test('unloads each tower by itself, and a call loads it again', async () => {
    const opened = await open({ unloadAfter: 50 });
    const before = await opened.embedText(['dog']);
    await expect.poll(aliveTowers).toBe(0);
    expect(await opened.embedText(['dog'])).toEqual(before);
    await expect.poll(aliveTowers).toBe(0);
    // So short a time may pass while the other tower is still loading.
    expect(watch.spawned.filter((name) => name === 'image')).toHaveLength(1);
    expect(watch.spawned.length).toBeGreaterThan(2);
  });

  test('of 0 unloads after each call, and interrupts none', async () => {
    const opened = await open({ unloadAfter: 0 });
    for (let time = 0; time < 3; time++) {
      const [texts, images] = await Promise.all([
        opened.embedText(['dog', 'cat']),
        opened.embedImage([picture(), picture()]),
      ]);
      expect([texts.count, images.count]).toEqual([2, 2]);
    }
    await expect.poll(aliveTowers).toBe(0);
  });
});

describe('warmUp', () => {
  test('loads what is not there', async () => {
    const opened = await open(NEVER);
    await opened.warmUp();
    expect(watch.spawned).toHaveLength(2);
    await opened.unload();
    await opened.warmUp();
    expect([await aliveTowers(), watch.spawned.length]).toEqual([2, 4]);
    await opened.embedText(['dog']);
    expect(watch.spawned).toHaveLength(4);
  });

  test('that is given up rejects, and the next call works', async () => {
    const opened = await open(NEVER);
    await opened.unload();
    const controller = new AbortController();
    const warming = opened.warmUp({ signal: controller.signal });
    controller.abort();
    await expect(warming).rejects.toMatchObject({ code: 'aborted' });
    expect((await opened.embedText(['dog'])).count).toBe(1);
  });
});

function bound(of: Lens): Pick<Lens, 'embedText' | 'embedImage'> {
  return { embedText: of.embedText.bind(of), embedImage: of.embedImage.bind(of) };
}
