import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isPhotoglotError, PhotoglotError } from '../errors';
import type { StoreContract } from '../protocol/store-contract';
import type { AddProgress, Collection, ItemInput } from './api';
import { openCollection } from './open-collection';
import { spawnStoreWorker } from './spawn';
import { HashEncoders } from './test-workers/hash-encoders';
import { WorkerLink } from './worker-link';

const NOTHING = { added: [], skipped: [], failed: [], refined: [], rough: [], missing: [] };

let store: WorkerLink<StoreContract>;
let encoders: HashEncoders;
let photos: Collection;
let worker: Worker | null = null;

beforeEach(async () => {
  store = newStore();
  encoders = new HashEncoders();
  photos = await openCollection({ name: `c ${crypto.randomUUID()}`, encoders, store });
});

afterEach(async () => {
  const cleaner = newStore();
  await cleaner.call('drop', { collection: photos.name });
  cleaner.dispose();
  store.dispose();
});

function newStore(): WorkerLink<StoreContract> {
  return new WorkerLink<StoreContract>(() => (worker = spawnStoreWorker()));
}

function file(content: string, name = `${content}.jpg`): File {
  return new File([content], name, { type: 'image/jpeg', lastModified: 7 });
}

function files(prefix: string, count: number): File[] {
  return Array.from({ length: count }, (_, index) => file(`${prefix} ${index}`));
}

async function sha256(content: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'resolved',
    (thrown: unknown) => (isPhotoglotError(thrown) ? thrown.code : 'foreign'),
  );
}

describe('add', () => {
  test('stores files under the SHA-256 of their content, with thumbnail and meta', async () => {
    const result = await photos.add([file('a'), file('b')]);
    const ids = [await sha256('a'), await sha256('b')];
    expect(result).toEqual({ ...NOTHING, added: ids });
    expect(await photos.ids()).toEqual(ids);
    expect(await photos.get(ids[0] ?? '')).toEqual({
      id: ids[0],
      meta: { name: 'a.jpg', type: 'image/jpeg', size: 1, lastModified: 7 },
      fields: {},
    });
    expect(await (await photos.thumbnail(ids[0] ?? ''))?.text()).toBe('320 px of a');
    expect(await photos.original(ids[0] ?? '')).toBeNull();
    expect(await photos.vector(ids[0] ?? '')).toEqual(encoders.vectorOf('a'));
    expect(encoders.priorities).toEqual(new Set(['index']));
  });

  test('does no work for what is there or came before', async () => {
    await photos.add([file('a')]);
    encoders.calls.length = 0;
    const again = await photos.add([file('a', 'copy.jpg'), file('b'), file('b', 'copy.jpg')]);
    const [a, b] = [await sha256('a'), await sha256('b')];
    expect(again.added).toEqual([b]);
    expect(again.skipped).toEqual([
      { id: b, reason: 'duplicate' },
      { id: a, reason: 'exists' },
    ]);
    expect(encoders.calls).toEqual([['b']]);
  });

  test('an id of one’s own is looked up before its picture is fetched', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const url = URL.createObjectURL(file('by url'));
    await photos.add([{ id: 'mine', image: url }]);
    expect(await photos.vector('mine')).toEqual(encoders.vectorOf('by url'));
    const again = await photos.add([{ id: 'mine', image: url }]);
    expect(again.skipped).toEqual([{ id: 'mine', reason: 'exists' }]);
    expect(fetched).toHaveBeenCalledOnce();
    fetched.mockRestore();
    URL.revokeObjectURL(url);
  });

  test('texts, vectors and fields are items too', async () => {
    const vector = encoders.vectorOf('any');
    const { added, failed } = await photos.add([
      { id: 't', text: 'a dog', meta: { kind: 'note' } },
      { id: 'v', vector: vector.map((value) => value * 3) },
      { id: 'f', fields: { title: 'cat', body: 'sleeps' } },
      { id: 'both', image: file('picture'), vector, text: 'caption' },
    ]);
    expect([added, failed]).toEqual([['t', 'v', 'f', 'both'], []]);
    expect(await photos.get('t')).toMatchObject({
      fields: { text: 'a dog' },
      meta: { kind: 'note' },
    });
    expect(await photos.vector('t')).toEqual(encoders.vectorOf('a dog'));
    expect((await photos.search({ vector }, { limit: 2 })).hits.map(({ id }) => id).sort()).toEqual(
      ['both', 'v'],
    );
    expect(await photos.vector('f')).toEqual(encoders.vectorOf('cat\nsleeps'));
    expect(await (await photos.thumbnail('both'))?.text()).toBe('320 px of picture');
    expect(await photos.thumbnail('t')).toBeNull();
  });

  test('pictures in any form', async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [3, 2];
    canvas.getContext('2d')?.fillRect(0, 0, 2, 1);
    const pixels = new ImageData(3, 2);
    pixels.data.fill(255);
    const bitmap = await createImageBitmap(pixels);
    const sources = [canvas, pixels, bitmap, new Blob(['blob'])];
    const { added, skipped } = await photos.add(sources.map((image) => ({ image })));
    // The bitmap shows what the pixels are.
    expect([added.length, skipped.length]).toEqual([3, 1]);
    expect(bitmap.width).toBe(3);
  });

  test('one bad item never stops the rest', async () => {
    const inputs: (Blob | ItemInput)[] = [
      file('a'),
      file('corrupt'),
      new File([], 'empty.jpg'),
      file('b'),
      { id: 'nothing' },
      { vector: new Float32Array(3) },
      { image: '/no-such.jpg' },
      file('c'),
    ];
    const { added, failed } = await photos.add(inputs);
    expect(added).toHaveLength(3);
    const failures = failed.map(({ input, code }) => [inputs.indexOf(input), code]);
    expect(failures.sort()).toEqual([
      [1, 'decode-failed'],
      [2, 'empty-file'],
      [4, 'invalid-input'],
      [5, 'dimension-mismatch'],
      [6, 'fetch-failed'],
    ]);
    expect(await photos.count()).toBe(3);
  });

  test('a picture that brings the encoder down fails alone', async () => {
    encoders.before = (asked) =>
      asked.includes('bomb')
        ? Promise.reject(new PhotoglotError('worker-crashed', 'boom'))
        : Promise.resolve();
    const { added, failed } = await photos.add([...files('a', 5), file('bomb'), ...files('b', 5)]);
    expect(added).toHaveLength(10);
    expect(failed.map(({ code, message }) => [code, message])).toEqual([
      ['worker-crashed', 'boom'],
    ]);
  });

  test('an encoder that is down for good is not asked for every item', async () => {
    encoders.before = () => Promise.reject(new PhotoglotError('worker-crashed', 'boom'));
    const { failed } = await photos.add(files('a', 100));
    expect(failed.map(({ code }) => code)).toEqual(Array(100).fill('worker-crashed'));
    expect(encoders.calls.length).toBeLessThan(30);
  });

  test('without its model it fails at once, item by item', async () => {
    encoders.before = () => Promise.reject(new PhotoglotError('network', 'offline'));
    const { failed } = await photos.add(files('a', 20));
    expect(failed.map(({ code }) => code)).toEqual(Array(20).fill('network'));
    expect(encoders.calls.length).toBeLessThan(4);
  });

  test('encodes in batches, stores in order, and prepares while it encodes', async () => {
    // The first batch gets its answer only when the second one has arrived.
    encoders.before = async (asked) => {
      if (asked.includes('a 0')) await expect.poll(() => encoders.calls.length).toBe(2);
    };
    const inputs = files('a', 18);
    const { added } = await photos.add(new Set(inputs));
    expect(await photos.ids()).toEqual(added);
    expect(added).toEqual(await Promise.all(inputs.map(async (each) => sha256(await each.text()))));
    expect(encoders.calls.map(({ length }) => length)).toEqual([4, 4, 4, 4, 2]);
  });

  test('reports progress up to the end', async () => {
    const reports: AddProgress[] = [];
    await photos.add([...files('a', 9), file('a 0'), file('corrupt')], {
      onProgress: (progress) => reports.push(progress),
    });
    const done = reports.map((report) => report.done);
    expect(done).toEqual([...done].sort((left, right) => left - right));
    expect(reports.at(-1)).toMatchObject({ done: 11, total: 11, remaining: 0 });
    expect(reports.at(-1)?.rate).toBeGreaterThan(0);
    expect(done.filter((each) => each > 0 && each < 11).length).toBeGreaterThan(1);
  });

  test('a listener that throws does no harm', async () => {
    const reported = vi.spyOn(globalThis, 'reportError').mockImplementation(() => undefined);
    const onProgress = (): void => {
      throw new Error('the page’s own');
    };
    expect((await photos.add([file('a')], { onProgress })).added).toHaveLength(1);
    expect(reported).toHaveBeenCalled();
    reported.mockRestore();
  });

  test('aborted, it rejects at once, and what was added stays', async () => {
    const controller = new AbortController();
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    encoders.before = (asked) => (asked.includes('a 8') ? stuck : Promise.resolve());
    const adding = photos.add(files('a', 40), { signal: controller.signal });
    await expect.poll(() => photos.count()).toBe(8);
    controller.abort();
    expect(await codeOf(adding)).toBe('aborted');
    release();
    expect(await photos.count()).toBe(8);
    expect(encoders.calls.length).toBeLessThan(5);
    const { added, skipped } = await photos.add(files('a', 40));
    expect([added.length, skipped.length]).toEqual([32, 8]);
  });

  test('disposed, it rejects', async () => {
    encoders.before = () => {
      store.dispose();
      return Promise.resolve();
    };
    expect(await codeOf(photos.add(files('a', 3)))).toBe('disposed');
  });

  test('goes on when the store’s worker dies', async () => {
    let isFirst = true;
    encoders.before = () => {
      if (isFirst) worker?.terminate();
      isFirst = false;
      return Promise.resolve();
    };
    const { added, failed } = await photos.add(files('a', 10));
    expect([added.length, failed.length]).toEqual([10, 0]);
    expect(await photos.count()).toBe(10);
  });

  test('nothing, or something that is no list', async () => {
    expect(await photos.add([])).toEqual(NOTHING);
    for (const wrong of [file('a'), 'abc', null]) {
      expect(await codeOf(photos.add(wrong as unknown as Blob[]))).toBe('invalid-input');
    }
  });

  test('keeps originals when asked to', async () => {
    const { name } = photos;
    const keeping = await openCollection({ name, encoders, store }, { keepOriginals: true });
    const { added } = await keeping.add([file('whole')]);
    expect(await (await keeping.original(added[0] ?? ''))?.text()).toBe('whole');
  });
});

describe('search', () => {
  beforeEach(async () => {
    await photos.add([
      { id: 'dog', text: 'dog', meta: { kind: 'animal' } },
      { id: 'cat', text: 'cat', meta: { kind: 'animal' } },
      { id: 'car', text: 'car', meta: { kind: 'thing' } },
      { id: 'photo', image: file('photo') },
    ]);
    encoders.priorities.clear();
  });

  const best = async (...args: Parameters<Collection['search']>): Promise<string | undefined> =>
    (await photos.search(...args)).hits[0]?.id;

  test('by text, picture, vector, and all of them', async () => {
    expect(await best('dog')).toBe('dog');
    expect(await best({ image: file('photo') })).toBe('photo');
    expect(await best({ vector: (await photos.vector('cat')) ?? new Float32Array(0) })).toBe('cat');
    const both = [
      { text: 'dog' },
      { text: 'cat', weight: 0.3 },
      { image: file('photo'), weight: -1 },
    ];
    const { hits } = await photos.search(both);
    expect(hits.map(({ id }) => id)).toHaveLength(4);
    expect([hits[0]?.id, hits.at(-1)?.id]).toEqual(['dog', 'photo']);
    expect(encoders.priorities).toEqual(new Set(['query']));
  });

  test('gives scores, limits and filters', async () => {
    const { hits } = await photos.search('dog', { limit: 2, where: { kind: 'animal' } });
    expect(hits.map(({ id }) => id)).toEqual(['dog', 'cat']);
    expect(hits[0]?.score).toBeCloseTo(1, 5);
    expect(hits[0]).toMatchObject({ meta: { kind: 'animal' }, fields: { text: 'dog' } });
    expect(await best('dog', { where: { kind: 'thing' } })).toBe('car');
    const [photo] = (await photos.search({ image: file('photo') }, { limit: 1 })).hits;
    expect(await (await photo?.thumbnail())?.text()).toBe('320 px of photo');
  });

  test.each([
    ['', {}],
    ['dog', { limit: 0 }],
    ['dog', { limit: 1001 }],
    ['dog', { limit: 2.5 }],
    ['dog', { where: { kind: {} } }],
  ] as const)('for %o with %o is refused', async (query, options) => {
    expect(await codeOf(photos.search(query, options))).toBe('invalid-input');
  });

  test('for a picture that cannot be decoded says so', async () => {
    expect(await codeOf(photos.search({ image: file('corrupt') }))).toBe('decode-failed');
    expect(await codeOf(photos.search({ image: '/no-such.jpg' }))).toBe('fetch-failed');
  });

  test('aborted rejects at once, though the encoder is busy', async () => {
    const controller = new AbortController();
    encoders.before = () => new Promise(() => undefined);
    const searching = photos.search('dog', { signal: controller.signal });
    controller.abort();
    expect(await codeOf(searching)).toBe('aborted');
  });
});

describe('items', () => {
  test('are updated, deleted, cleared', async () => {
    await photos.add(['x', 'y', 'z'].map((id) => ({ id, text: id })));
    expect(await photos.update('x', { meta: { a: 1 } })).toBe(true);
    expect(await photos.update('x', { fields: { note: 'n' } })).toBe(true);
    expect(await photos.get('x')).toEqual({
      id: 'x',
      meta: { a: 1 },
      fields: { text: 'x', note: 'n' },
    });
    expect(await photos.update('none', { meta: {} })).toBe(false);
    const meta = { when: new Date() } as unknown as Record<string, string>;
    expect(await codeOf(photos.update('x', { meta }))).toBe('invalid-input');
    expect(await photos.delete('x')).toBe(1);
    expect(await photos.delete(['x', 'y'])).toBe(1);
    expect(await photos.ids()).toEqual(['z']);
    await photos.clear();
    expect(await photos.count()).toBe(0);
  });

  test('are there again after a reload, and belong to their model', async () => {
    await photos.add([...files('a', 6), { id: 't', text: 'text' }]);
    const before = { ids: await photos.ids(), found: await photos.search('text') };
    store.dispose();
    store = newStore();
    const { name } = photos;
    photos = await openCollection({ name, encoders, store });
    expect(await photos.ids()).toEqual(before.ids);
    const { hits } = await photos.search('text');
    expect(hits.map(({ id, score }) => [id, score])).toEqual(
      before.found.hits.map(({ id, score }) => [id, score]),
    );
    const other = new HashEncoders('hash@2');
    expect(await codeOf(openCollection({ name, encoders: other, store }))).toBe('model-mismatch');
  });
});
