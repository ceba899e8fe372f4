/** The low-memory profile: whatever is asked for, no two towers are in memory. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { goldenImage } from '../models/golden-images';
import { TINY } from '../runtime/test-workers/tiny-models';
import type { Lens } from './api';
import { createLens } from './create-lens';
import { aliveTowers, TowerWatch } from './test-workers/tower-watch';

const LONG_MS = 180_000;

const watch = new TowerWatch();
let lens: Lens;

beforeAll(() => {
  watch.start();
});
afterAll(() => {
  watch.stop();
});
beforeEach(async () => {
  watch.reset();
  lens = await createLens({ model: TINY.naflex, assets: '/', memory: 'low' });
});
afterEach(async () => {
  await lens.dispose();
  await expect.poll(aliveTowers).toBe(0);
});

function picture(): ImageData {
  const { data, width, height } = goldenImage('circles');
  return new ImageData(data, width, height);
}

test('tests the image tower, and leaves the text tower ready', async () => {
  expect(watch.spawned).toEqual(['image', 'text']);
  expect(await watch.aliveBefore()).toEqual([0, 0]);
  expect([lens.info.text.provider, lens.info.image.provider]).toEqual(['wasm', 'wasm']);
  await lens.embedText(['dog']);
  await lens.warmUp();
  expect([await aliveTowers(), watch.spawned.length]).toEqual([1, 2]);
});

test('gives the vectors that both towers side by side give', async () => {
  const both = await createLens({ model: TINY.naflex, assets: '/' });
  const expected = [await both.embedText(['dog']), await both.embedImage([picture()])];
  await both.dispose();
  const alone = [await lens.embedText(['dog']), await lens.embedImage([picture()])];
  expect(alone).toEqual(expected);
});

test(
  'many calls at once and one after the other all get their turn',
  async () => {
    const call = (index: number): Promise<{ readonly count: number }> =>
      index % 3 === 0 ? lens.embedImage([picture()]) : lens.embedText([`text ${index}`]);
    const atOnce = await Promise.all(Array.from({ length: 24 }, (_, index) => call(index)));
    expect(atOnce.map(({ count }) => count)).toEqual(atOnce.map(() => 1));
    const chains = Array.from({ length: 4 }, async (_, chain) => {
      for (let step = 0; step < 4; step++) await call(chain + step);
    });
    await Promise.all(chains);
    const before = await watch.aliveBefore();
    expect(before).toEqual(before.map(() => 0));
    // Both were needed at once, and took turns instead of loading for each call.
    expect(watch.spawned.length).toBeLessThan(24);
  },
  LONG_MS,
);

test('a call that is given up holds nobody back', async () => {
  const controller = new AbortController();
  const running = lens.embedText(['dog']);
  const given = lens.embedImage([picture()], { signal: controller.signal });
  const behind = lens.embedText(['cat']);
  controller.abort();
  await expect(given).rejects.toMatchObject({ code: 'aborted' });
  expect([(await running).count, (await behind).count]).toEqual([1, 1]);
  // Given up while its tower is loaded: the other one takes over.
  const late = new AbortController();
  const loading = lens.embedImage([picture()], { signal: late.signal });
  await expect.poll(() => watch.spawned).toEqual(['image', 'text', 'image']);
  late.abort();
  await expect(loading).rejects.toMatchObject({ code: 'aborted' });
  expect((await lens.embedText(['dog'])).count).toBe(1);
  expect(Math.max(...(await watch.aliveBefore()))).toBe(0);
});

test(
  'a search has its turn between two batches of an indexing, which then goes on',
  async () => {
    const photos = await lens.open('low-memory-test');
    await photos.clear();
    watch.reset();
    const order: string[] = [];
    const files = await picturesOf(60);
    const searches: Promise<unknown>[] = [];
    const adding = photos.add(files, {
      onProgress: ({ done }) => {
        if (done === 0 || done === files.length || searches.length > 0) return;
        const search = photos.search('dog', { cutoff: 0 }).then(({ hits }) => {
          order.push(hits.length > 0 ? 'found' : 'nothing');
        });
        searches.push(search);
      },
    });
    const { added, failed } = await adding;
    order.push('added');
    await Promise.all(searches);
    expect([added.length, failed, order]).toEqual([60, [], ['found', 'added']]);
    expect(watch.spawned).toEqual(['image', 'text', 'image']);
    expect(await watch.aliveBefore()).toEqual([0, 0, 0]);
    const mixed = [{ text: 'dog' }, { image: picture(), weight: 0.5 }];
    expect((await photos.search(mixed, { cutoff: 0 })).hits).toHaveLength(20);
    await photos.clear();
  },
  LONG_MS,
);

test('a tower whose worker died is loaded again, alone', async () => {
  const before = await lens.embedImage([picture()]);
  const pending = lens.embedImage([picture()]);
  const ended = expect(pending).rejects.toMatchObject({ code: 'worker-crashed' });
  watch.terminateAll();
  await ended;
  const [after] = await Promise.all([lens.embedImage([picture()]), lens.embedText(['dog'])]);
  expect(after).toEqual(before);
  expect(Math.max(...(await watch.aliveBefore()))).toBe(0);
});

test('unload leaves none', async () => {
  await lens.unload();
  expect(await aliveTowers()).toBe(0);
  expect((await lens.embedImage([picture()])).count).toBe(1);
  expect(await aliveTowers()).toBe(1);
});

async function picturesOf(count: number): Promise<Blob[]> {
  const canvas = new OffscreenCanvas(48, 32);
  const context = canvas.getContext('2d');
  const files: Blob[] = [];
  for (let index = 0; index < count; index++) {
    context?.fillRect(index % 48, Math.floor(index / 48), 1, 1);
    files.push(await canvas.convertToBlob());
  }
  return files;
}
