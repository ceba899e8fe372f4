/** Pictures prepared in real workers: the same as here, and none is lost whatever becomes of the workers. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  PicturePreparer,
  type PictureTarget,
  type PreparedPicture,
  type Preparing,
} from './prepare-picture';
import { PreparingPool, type PreparingPoolOptions } from './preparing-pool';
import { endOwnWorkers } from '../protocol/own-workers';
import { spawnPreparingWorker } from './spawn-preparing-worker';
import { hugePng } from './test-workers/huge-png';

const FIXTURES = new URL('/src/runtime/fixtures/', location.href).href;
const FILES = ['quarters.png', 'orientation-6.jpg', 'lossy.webp', 'transparent.png'];
const never = new AbortController().signal;

const target: PictureTarget = {
  geometry: { kind: 'patches', patch: 8, maxPatches: 24 },
  filter: 'bilinear',
  background: [255, 255, 255],
  batch: 4,
};
const local = new PicturePreparer(target);
let files: Blob[];
let spawned: Worker[] = [];
let pool: PreparingPool;

beforeAll(async () => {
  files = await Promise.all(FILES.map(async (name) => (await fetch(FIXTURES + name)).blob()));
});

afterEach(() => {
  vi.useRealTimers();
  for (const worker of spawned) worker.terminate();
});

function newPool(options: Partial<PreparingPoolOptions> = {}): void {
  spawned = [];
  const spawn = (): Worker => {
    const worker = spawnPreparingWorker();
    spawned.push(worker);
    return worker;
  };
  pool = new PreparingPool({ target, local, count: 2, spawn, ...options });
}

function prepare(
  preparing: Preparing,
  blob: Blob,
  signal = never,
  patches: number | null = null,
): Promise<PreparedPicture> {
  const gate = { priority: 'index', signal } as const;
  return preparing.prepare({ kind: 'blob', blob }, { thumbnail: 24, gate, patches });
}

/** All of a picture that can be compared. */
async function contentOf(picture: PreparedPicture): Promise<unknown> {
  const { rgb, thumbnail, ...rest } = picture;
  return { ...rest, rgb: [...rgb], thumbnail: await thumbnail?.bytes() };
}

async function expectSame(pictures: readonly PreparedPicture[]): Promise<void> {
  const expected = await Promise.all(files.map((blob) => prepare(local, blob)));
  const [got, wanted] = await Promise.all(
    [pictures, expected].map((some) => Promise.all(some.map(contentOf))),
  );
  expect(got).toEqual(wanted);
}

test('gives the same bytes and thumbnails, in order, on all its workers', async () => {
  newPool();
  await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
  expect([spawned.length, pool.size]).toEqual([2, 2]);
});

test('passes the limit of patches on', async () => {
  newPool();
  const [blob = new Blob()] = files;
  const [few, all] = await Promise.all([prepare(pool, blob, never, 6), prepare(pool, blob)]);
  expect((few.width * few.height) / 64).toBeLessThanOrEqual(6);
  expect((all.width * all.height) / 64).toBeGreaterThan(6);
});

test('a bad file fails alone, with its code', async () => {
  newPool();
  const [good = new Blob()] = files;
  const [empty, text, picture] = await Promise.allSettled([
    prepare(pool, new Blob([])),
    prepare(pool, new Blob(['Dear diary'])),
    prepare(pool, good),
  ]);
  expect(empty).toMatchObject({ status: 'rejected', reason: { code: 'empty-file' } });
  expect(text).toMatchObject({ status: 'rejected', reason: { code: 'unsupported-type' } });
  expect(picture.status).toBe('fulfilled');
  expect(pool.size).toBe(2);
});

test('its workers are there before the first picture', () => {
  newPool();
  expect([spawned.length, pool.size]).toEqual([2, 2]);
  newPool({ count: 0 });
  expect([spawned.length, pool.size]).toEqual([0, 0]);
});

test('pixels at hand need no worker', async () => {
  newPool({ count: 0 });
  const gate = { priority: 'index', signal: never } as const;
  const pixels = new ImageData(48, 32);
  const picture = await pool.prepare({ kind: 'pixels', pixels }, { thumbnail: 0, gate });
  expect(picture.original).toEqual({ width: 48, height: 32 });
  expect(spawned).toHaveLength(0);
});

test('one that is aborted rejects at once; the others go on', async () => {
  newPool({ count: 1 });
  const controller = new AbortController();
  const large = await hugePng(4000, 3000);
  const given = prepare(pool, large, controller.signal);
  const others = files.map((blob) => prepare(pool, blob));
  controller.abort();
  await expect(given).rejects.toMatchObject({ code: 'aborted' });
  await expectSame(await Promise.all(others));
  expect([spawned.length, pool.size]).toEqual([1, 1]);
});

describe('no picture is lost', () => {
  test('when the workers die at work', async () => {
    newPool();
    await Promise.all(files.map((blob) => prepare(pool, blob)));
    const pictures = files.map((blob) => prepare(pool, blob));
    for (const worker of spawned) worker.terminate();
    await expectSame(await Promise.all(pictures));
    expect(pool.size).toBe(0);
    // None takes their place: what brought them down may do so again.
    await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
    expect(spawned).toHaveLength(2);
  });

  test('when one of two dies', async () => {
    newPool();
    await Promise.all(files.map((blob) => prepare(pool, blob)));
    const pictures = files.map((blob) => prepare(pool, blob));
    spawned[0]?.terminate();
    await expectSame(await Promise.all(pictures));
    expect(pool.size).toBe(1);
    await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
    expect(spawned).toHaveLength(2);
  });

  test('when the script of the workers is not there', async () => {
    newPool({
      spawn: () => new Worker(new URL('/no-such.worker.js', location.href), { type: 'module' }),
    });
    await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
    expect(pool.size).toBe(0);
  });

  test('when workers are forbidden', async () => {
    newPool({
      spawn: () => {
        throw new DOMException('Not here.', 'SecurityError');
      },
    });
    await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
  });
});

test('ended before the worker above, they are gone; later pictures are prepared without them', async () => {
  newPool();
  const waiting = Promise.all(files.map((blob) => prepare(pool, blob)));
  await endOwnWorkers();
  expect(pool.size).toBe(0);
  await expectSame(await waiting);
  await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
  expect(spawned).toHaveLength(2);
});

test('workers that have rested give the same', async () => {
  newPool();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await Promise.all(files.map((blob) => prepare(pool, blob)));
  vi.advanceTimersByTime(10_000);
  await expectSame(await Promise.all(files.map((blob) => prepare(pool, blob))));
  expect([spawned.length, pool.size]).toEqual([2, 2]);
});
